"""Lists of the API in pages of 50 by keyset: as fast at the end as at the beginning, and stable while rows come in."""

from collections.abc import Sequence
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from rest_framework.pagination import BasePagination
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.serializers import BaseSerializer
from rest_framework.utils.urls import remove_query_param, replace_query_param
from rest_framework.views import APIView

from kernel.errors import Unprocessable
from kernel.paging import PAGE_SIZE, Key, Page, decode, encode, page_of

LARGEST = 200


def page_size(request: Request) -> int:
    """`limit` of the address, 1 to 200; 50 without it."""
    text = request.query_params.get("limit", str(PAGE_SIZE))
    if not text.isdecimal() or not 1 <= int(text) <= LARGEST:
        raise Unprocessable(_("`limit` is a number from 1 to 200."), fields={"limit": [_("1 to 200")]})
    return int(text)


def paged(request: Request, rows: QuerySet[Any], keys: Sequence[Key]) -> Page[Any]:
    """The page that the address asks for with `after` or `before`; Unprocessable for a cursor of another list."""
    before, after = request.query_params.get("before", ""), request.query_params.get("after", "")
    cursor = before or after
    if cursor and decode(cursor, len(keys)) is None:
        text = _("The cursor is not one of this list. Begin again without it.")
        raise Unprocessable(text, fields={"before" if before else "after": [text]})
    return page_of(rows, keys, cursor=cursor, is_backwards=bool(before), size=page_size(request))


def listed(request: Request, rows: Sequence[Any], shape: type[BaseSerializer[Any]], **context: Any) -> Response:
    """A page of a short list that is at hand as a whole, such as what stands on one record; cursors count rows.

    `context` is what the shape needs to know of the reader.
    """
    size, cursor = page_size(request), request.query_params.get("after", "")
    values = decode(cursor, 1) if cursor else [0]
    if values is None or not isinstance(values[0], int) or values[0] < 0:
        text = _("The cursor is not one of this list. Begin again without it.")
        raise Unprocessable(text, fields={"after": [text]})
    first = values[0]
    last = first + size
    page: Page[Any] = Page(list(rows[first:last]), "", encode([last]) if last < len(rows) else "")
    return Response(envelope(request, shape(page.rows, many=True, context=context).data, page))


class KeysetPagination(BasePagination):
    """For viewsets: `page_keys` names the ordering (`kernel.paging.Key`); the last key is unique."""

    def paginate_queryset(self, queryset: Any, request: Request, view: APIView | None = None) -> list[Any]:
        """The rows of the page."""
        self.request = request
        self.page = paged(request, queryset, getattr(view, "page_keys", (Key("id", is_descending=True),)))
        return self.page.rows

    def get_paginated_response(self, data: Any) -> Response:
        """Rows with the addresses of the pages on both sides."""
        return Response(envelope(self.request, data, self.page))

    def get_paginated_response_schema(self, schema: dict[str, Any]) -> dict[str, Any]:
        """How the schema describes a page."""
        link = {"type": ["string", "null"], "format": "uri"}
        properties = {"next": link, "previous": link, "results": schema}
        return {"type": "object", "required": ["results"], "properties": properties}

    def get_schema_operation_parameters(self, view: APIView) -> list[dict[str, Any]]:
        """How the schema describes the address."""
        described = {
            "after": ("string", "Cursor: rows after this one; from `next`."),
            "before": ("string", "Cursor: rows before this one; from `previous`."),
            "limit": ("integer", f"Rows in a page, 1 to {LARGEST}; {PAGE_SIZE} without it."),
        }
        return [
            {"name": name, "in": "query", "required": False, "description": text, "schema": {"type": kind}}
            for name, (kind, text) in described.items()
        ]


def envelope(request: Request, data: Any, page: Page[Any]) -> dict[str, Any]:
    """The body of a page: `next`, `previous`, `results`."""
    return {
        "next": _link(request, "after", page.older),
        "previous": _link(request, "before", page.newer),
        "results": data,
    }


def _link(request: Request, name: str, cursor: str) -> str | None:
    if not cursor:
        return None
    bare = remove_query_param(remove_query_param(request.build_absolute_uri(), "after"), "before")
    return str(replace_query_param(bare, name, cursor))
