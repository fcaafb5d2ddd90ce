"""The list page of a process: everything about it is in its address, so that it can be sent and kept (UX 4.3)."""

from io import BytesIO
from typing import Any, TypeVar
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _

from accounts.doors import ActorRequest
from accounts.queries.saved_views import first_view, saved_views
from journal.units import database_now
from kernel.errors import Refused
from kernel.pages import Chip, ListState, go, list_state, respond
from kernel.paging import page_of
from kernel.spreadsheets.writing import TooManyRows, csv_pieces, write_xlsx
from processes.conditions import RecordFilter
from processes.listing import RecordList, frame
from processes.rows import count_of, count_words
from records.models import ProcessRecord

P = TypeVar("P", bound=ProcessRecord)

XLSX = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"


def page(request: ActorRequest, shown: RecordList[P]) -> HttpResponse:
    """Fifty rows by filter and sort, with saved views as tabs."""
    if not request.META["QUERY_STRING"] and (query := first_view(request.user, shown.name)):
        return go(request, f"{request.path}?{query}")
    at, state = database_now(), list_state(request, columns=shown.columns, sort="due")
    chosen = shown.chosen(request, at)
    keys = shown.listed.keys_of(state.sort)
    found = page_of(chosen.qs, keys, cursor=state.cursor, is_backwards=state.is_backwards)
    matching = count_of(chosen.qs)
    context = {
        "page": found, "rows": shown.listed.rows_of(found.rows, at, actor=request.actor), "now": at,
        "matching": matching, "count": count_words(matching), **frame(shown), **_bar(request, shown, chosen, state),
    }  # fmt: skip
    return respond(request, "processes/list.html", "processes/_list.html", context)


def _bar(request: ActorRequest, shown: RecordList[Any], chosen: RecordFilter, state: ListState) -> dict[str, Any]:
    """Tabs, filter bar, columns and bulk verbs above and below the rows."""
    new = shown.new if shown.new and request.actor.may_somewhere(shown.new["permission"]) else {}
    return {
        "state": state, "keys": {column.key for column in state.columns}, "columns": shown.columns,
        "fields": [chosen.form[name] for name in shown.shown], "text": request.GET.get("q", ""),
        "chips": _chips(chosen, state, shown), "keep": _kept(request, shown.shown), "tabs": _tabs(request, shown),
        "verbs": shown.verbs, "query": state.query.urlencode(), "column_keep": _kept(request, ("col",)), "new": new,
        "first_tab": shown.tabs()[0][1],
    }  # fmt: skip


def _chips(chosen: RecordFilter, state: ListState, shown: RecordList[Any]) -> list[Chip]:
    """Active filters that the bar does not show, each removable by a link."""
    return [
        Chip(f"{chosen.filters[name].label}: {value}", state.without(name, value))
        for name in chosen.filters
        if name not in (*shown.shown, "q")
        for value in state.query.getlist(name)
        if value
    ]


def _kept(request: HttpRequest, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """The rest of the address, which the form of the bar must carry on."""
    left_out = {*without, "q", "after", "before"}
    return [(key, value) for key, values in request.GET.lists() if key not in left_out for value in values]


def _tabs(request: ActorRequest, shown: RecordList[Any]) -> list[Any]:
    """Built-in views first, then what people saved."""
    path, query, built_in = shown.process.url("list"), _without_page(request), shown.tabs()
    tabs: list[Any] = [
        {"label": label, "url": f"{path}?{own}", "is_current": own == (query or built_in[0][1]), "is_shared": False,
         "count": ""}
        for label, own in built_in
    ]  # fmt: skip
    return [*tabs, *saved_views(request.actor, shown.name, path=path, query=query)]


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    return query.urlencode()


def as_csv(request: ActorRequest, shown: RecordList[Any]) -> StreamingHttpResponse:
    """The whole filtered list as CSV, in pieces."""
    at = database_now()
    lines = shown.listed.lines(shown.chosen(request, at).qs, at, actor=request.actor)
    pieces = csv_pieces(shown.listed.header, lines, zone=ZoneInfo(request.actor.zone))
    headers = {"Content-Disposition": f'attachment; filename="{shown.name}.csv"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def as_xlsx(request: ActorRequest, shown: RecordList[Any]) -> HttpResponse:
    """The whole filtered list as an Excel workbook."""
    at, target = database_now(), BytesIO()
    lines = shown.listed.lines(shown.chosen(request, at).qs, at, actor=request.actor)
    try:
        write_xlsx(target, shown.listed.header, lines, zone=ZoneInfo(request.actor.zone), title=str(shown.label))
    except TooManyRows:
        raise Refused(_("Excel cannot hold that many rows. Export as CSV, or filter more.")) from None
    headers = {"Content-Disposition": f'attachment; filename="{shown.name}.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=XLSX, headers=headers)
