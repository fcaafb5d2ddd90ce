"""Settings that are lists of rows: list, read, add, change, retire. A subclass names its queries and commands."""

import hashlib
import json
from collections.abc import Callable, Mapping
from datetime import datetime
from typing import Any, ClassVar, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema, extend_schema_view
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.utils.encoders import JSONEncoder

from accounts.commands.holding import hold
from accounts.doors import Access, Who
from accounts.rest.conditions import VersionMismatch, VersionMissing
from accounts.rest.inputs import Input, checked
from accounts.rest.paging import envelope, paged
from accounts.rest.views import ViewSet
from accounts.roles import Permission
from kernel.paging import Key

READ = Access(Who.ALLOWED, (Permission.SETTINGS_READ, Permission.SETTINGS_EDIT))
EDIT = Access(Who.ALLOWED, (Permission.SETTINGS_EDIT,))
SEEN = OpenApiParameter("If-Match", str, OpenApiParameter.HEADER, description="ETag of the version that was seen")
Found = TypeVar("Found", bound="Rows")


class Rows(ViewSet):
    """Rows of one kind: list, read, add, change. `given` is what is sent, `shown` what is answered."""

    access: ClassVar[Access | Mapping[str, Access] | None] = {"list": READ, "retrieve": READ, "*": EDIT}
    scope_read = scope_write = "settings:write"
    given: ClassVar[type[Input]]
    shown: ClassVar[type[serializers.Serializer[Any]]]
    kind: ClassVar[str]
    page_keys: ClassVar[tuple[Key, ...]] = (Key("id"),)

    def rows(self) -> QuerySet[Any]:
        """Rows in use with all that is shown of them."""
        raise NotImplementedError

    def find(self, key: str) -> Any:
        """One row by what stands in the address; NotFound."""
        raise NotImplementedError

    def save(self, row: Any, values: dict[str, Any], at: datetime) -> Any:
        """Add (None) or change a row with whole values; returns it."""
        raise NotImplementedError

    def whole(self, row: Any) -> dict[str, Any]:
        """The row's present values under the names of `given`, to lay a change over."""
        return {name: getattr(row, name) for name in self._names()}

    def key_of(self, row: Any) -> str:
        """What stands in the row's address."""
        return str(getattr(row, self.lookup_field))

    def list(self, request: Request) -> Response:
        """Rows in use."""
        page = paged(request, self.rows(), self.page_keys)
        return Response(envelope(request, self.shown(page.rows, many=True).data, page))

    def retrieve(self, request: Request, **address: str) -> Response:
        """One row, with its ETag."""
        del request
        return self.answer(self.find(address[self.address_name]))

    def create(self, request: Request) -> Response:
        """Add one."""
        values = checked(self.given, request)

        def work(at: datetime) -> Response:
            made = self.save(None, {**self.defaults(), **values}, at)
            return self.answer(self.find(self.key_of(made)), status=201)

        return self.act(work)

    def defaults(self) -> dict[str, Any]:
        """What a new row has where nothing was sent: a default of `given` is in its values already."""
        return {str(name): None for name, field in self.given().fields.items() if not field.required}

    def partial_update(self, request: Request, **address: str) -> Response:
        """Change one. If-Match is needed: 428 without it, 412 when somebody was first."""
        values = checked(self.given, request, partial=True)

        def work(at: datetime) -> Response:
            row = self.held(request, address[self.address_name], is_required=True)
            saved = self.save(row, {**self.whole(row), **values}, at)
            return self.answer(self.find(self.key_of(saved)))

        return self.act(work)

    def answer(self, row: Any, *, status: int = 200) -> Response:
        """The row with its ETag."""
        body = self.shown(row).data
        return Response(body, status=status, headers={"ETag": tag_of(body)})

    def _names(self) -> tuple[str, ...]:
        return tuple(str(name) for name in self.given().fields)

    @property
    def address_name(self) -> str:
        """What the key is called in the address."""
        return self.lookup_url_kwarg or self.lookup_field

    def held(self, request: Request, key: str, *, is_required: bool) -> Any:
        """The row, held against other writers and compared with If-Match."""
        hold(f"{self.kind}:{key}")
        row = self.find(key)
        match_tag(request, tag_of(self.shown(row).data), is_required=is_required)
        return row


class SettingsRows(Rows):
    """Rows that can be taken out of use."""

    def retire(self, row: Any, at: datetime) -> None:
        """Take it out of use."""
        raise NotImplementedError

    def destroy(self, request: Request, **address: str) -> Response:
        """Take one out of use: it stays for what it has done."""

        def work(at: datetime) -> Response:
            self.retire(self.held(request, address[self.address_name], is_required=False), at)
            return Response(status=204)

        return self.act(work)


def tag_of(body: Mapping[str, Any]) -> str:
    """The ETag of what is shown; sentences in the reader's language do not count."""
    plain = {name: value for name, value in body.items() if name != "sentence"}
    return f'"{hashlib.sha256(json.dumps(plain, sort_keys=True, cls=JSONEncoder).encode()).hexdigest()[:20]}"'


def match_tag(request: Request, present: str, *, is_required: bool) -> None:
    """VersionMismatch (412) unless If-Match is the present tag or `*`; VersionMissing (428) when it must be there."""
    text = request.headers.get("If-Match", "").strip()
    if not text and is_required:
        raise VersionMissing(_("Send If-Match with the ETag of the version that you saw."))
    if text and text not in ("*", present):
        raise VersionMismatch(_("It has changed since you read it. Read it again, then send your change."))


def rows_of(one: str, many: str, *, tag: str, key: OpenApiParameter) -> Callable[[type[Found]], type[Found]]:
    """Describe the five operations of a subclass: what one row and several are called, its chapter, its key."""
    noun = many.replace(" ", "_").replace("-", "_")

    def describe(view: type[Found]) -> type[Found]:
        def says(verb: str, summary: str, **known: Any) -> Any:
            return extend_schema(operation_id=f"{noun}_{verb}", tags=[tag], summary=summary, **known)

        described = {
            "list": says("list", f"List {many}", responses=view.shown(many=True)),
            "retrieve": says("read", f"Read one {one}", parameters=[key], responses=view.shown),
            "create": says("add", f"Add a {one}", request=view.given, responses={201: view.shown}),
            "partial_update": says(
                "change", f"Change a {one}", parameters=[key, SEEN], request=view.given, responses=view.shown
            ),
            "destroy": says("retire", f"Take a {one} out of use", parameters=[key, SEEN], responses={204: None}),
        }
        present = {name: says for name, says in described.items() if getattr(view, name, None) is not None}
        view.kind = noun
        made: type[Found] = extend_schema_view(**present)(view)
        return made

    return describe
