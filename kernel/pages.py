"""From a view to the browser: page or fragment, toasts with Undo, redirect, the state of a list in its address."""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TYPE_CHECKING, Any, Self

from django.contrib import messages
from django.contrib.messages.storage.base import Message
from django.http import HttpRequest, HttpResponse, HttpResponseRedirect, QueryDict
from django.template.loader import render_to_string
from django.utils.cache import patch_cache_control, patch_vary_headers

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise


def is_fragment_request(request: HttpRequest) -> bool:
    """Whether htmx asks for a piece of a page (not for a whole page it lost from its history)."""
    headers = request.headers
    return headers.get("HX-Request") == "true" and headers.get("HX-History-Restore-Request") != "true"


def respond(
    request: HttpRequest, page: str, fragment: str, context: Mapping[str, Any], *, status: int = 200
) -> HttpResponse:
    """The fragment to htmx, the whole page (which includes the fragment) to everybody else."""
    if is_fragment_request(request):
        body = render_to_string(fragment, dict(context), request)
        if len(messages.get_messages(request)):
            body += render_to_string("_components/toasts_swap.html", {}, request)
        response = HttpResponse(body, status=status)
    else:
        response = HttpResponse(render_to_string(page, dict(context), request), status=status)
    return _for_this_reader_only(response)


def _for_this_reader_only(response: HttpResponse) -> HttpResponse:
    patch_vary_headers(response, ["HX-Request", "Cookie"])
    patch_cache_control(response, private=True, no_cache=True)
    return response


def go(request: HttpRequest, url: str) -> HttpResponse:
    """After a POST that worked: on to `url`, as a redirect that htmx follows as a whole page too."""
    if is_fragment_request(request):
        return _for_this_reader_only(HttpResponse(status=204, headers={"HX-Redirect": url}))
    return HttpResponseRedirect(url, status=303)


@dataclass(frozen=True, slots=True)
class Toast:
    """A sentence about what was done, with the address that undoes it and the draft that it used up."""

    text: str
    undo: str = ""
    draft: str = ""

    @classmethod
    def of(cls, message: Message) -> Self:
        """Read a toast back from Django's messages; other messages are toasts without Undo."""
        try:
            extra = json.loads(message.extra_tags or "{}")
        except ValueError:
            extra = {}
        extra = extra if isinstance(extra, dict) else {}
        return cls(str(message), str(extra.get("undo", "")), str(extra.get("draft", "")))


def toast(request: HttpRequest, text: str, *, undo: str = "", draft: str = "") -> None:
    """Say what was done on this or the next page. `undo` is POSTed to; `draft` is the key of a draft now spent."""
    messages.success(request, text, extra_tags=json.dumps({"undo": undo, "draft": draft}))


@dataclass(frozen=True, slots=True)
class Column:
    """A column of a list. `css`: c2 and c3 give way on narrow screens, main/fit/numeric/wide are layouts."""

    key: str
    label: "StrOrPromise"
    is_sortable: bool = False
    css: str = ""
    is_optional: bool = False


@dataclass(frozen=True, slots=True)
class Heading:
    """A column as its `<th>` needs it."""

    column: Column
    url: str
    aria_sort: str


@dataclass(frozen=True, slots=True)
class Chip:
    """An active filter and the address of the list without it."""

    label: str
    url: str


@dataclass(frozen=True, slots=True)
class ListState:
    """What the address says about a list: filters, sort (`-key` descending), columns, cursor. Nothing else is state."""

    query: QueryDict
    columns: tuple[Column, ...]
    sort: str
    cursor: str
    is_backwards: bool

    def url(self, **changes: str | None) -> str:
        """The same list with these keys set (None removes). A changed filter or sort goes back to the first page."""
        query = self.query.copy()
        for key in ("after", "before"):
            query.pop(key, None)
        for key, value in changes.items():
            query.pop(key, None)
            if value is not None:
                query[key] = value
        return "?" + query.urlencode()

    def without(self, key: str, value: str) -> str:
        """The same list with one value of one filter taken away."""
        query = self.query.copy()
        rest = [each for each in query.getlist(key) if each != value]
        for each in ("after", "before", key):
            query.pop(each, None)
        if rest:
            query.setlist(key, rest)
        return "?" + query.urlencode()

    @property
    def headings(self) -> list[Heading]:
        """The chosen columns with their sort links."""
        return [self._heading(column) for column in self.columns]

    def _heading(self, column: Column) -> Heading:
        if not column.is_sortable:
            return Heading(column, "", "")
        if self.sort == column.key:
            return Heading(column, self.url(sort=f"-{column.key}"), "ascending")
        return Heading(column, self.url(sort=column.key), "descending" if self.sort == f"-{column.key}" else "")


def list_state(request: HttpRequest, *, columns: Sequence[Column], sort: str) -> ListState:
    """Read a list's state from the address. Unknown columns and sort keys fall back to the defaults, never an error."""
    query = request.GET
    chosen = set(query.getlist("col"))
    shown = [column for column in columns if not column.is_optional or column.key in chosen]
    if chosen:
        shown = [column for column in columns if column.key in chosen] or shown
    asked = query.get("sort", sort)
    sortable = {column.key for column in columns if column.is_sortable}
    before = query.get("before", "")
    return ListState(
        query=query,
        columns=tuple(shown),
        sort=asked if asked.removeprefix("-") in sortable else sort,
        cursor=before or query.get("after", ""),
        is_backwards=bool(before),
    )
