"""Incidents as a list: everything about it is in its address, so that it can be sent and kept (UX 4.3)."""

from datetime import datetime
from io import BytesIO
from typing import Any
from zoneinfo import ZoneInfo

from django.http import HttpRequest, HttpResponse, StreamingHttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.doors import ActorRequest, allowed
from accounts.queries.saved_views import first_view, saved_views
from accounts.roles import Permission
from incidents.filters import IncidentFilter
from incidents.forms.listing import BULK_VERBS
from incidents.queries import export, listing
from journal.units import database_now
from kernel.errors import Refused
from kernel.pages import Chip, Column, ListState, go, list_state, respond
from kernel.paging import page_of
from kernel.spreadsheets.writing import TooManyRows, csv_pieces, write_xlsx

LIST = "incidents"
READERS = (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL)
COLUMNS = (
    Column("priority", gettext_lazy("Priority"), is_sortable=True, css="fit"),
    Column("number", gettext_lazy("Number"), is_sortable=True, css="fit"),
    Column("title", gettext_lazy("Title"), css="main"),
    Column("state", gettext_lazy("State"), css="fit"),
    Column("due", gettext_lazy("Promise"), is_sortable=True, css="fit"),
    Column("component", gettext_lazy("Component"), css="c2"),
    Column("requester", gettext_lazy("Caller"), css="c3"),
    Column("assignee", gettext_lazy("Has the work"), css="c2"),
    Column("team", gettext_lazy("Team"), css="c3"),
    Column("opened", gettext_lazy("Opened"), is_sortable=True, css="c3 fit"),
    Column("callers", gettext_lazy("Callers"), is_sortable=True, is_optional=True, css="fit"),
    Column("service", gettext_lazy("Service"), is_optional=True),
    Column("category", gettext_lazy("Category"), is_optional=True),
    Column("tags", gettext_lazy("Tags"), is_optional=True),
    Column("last", gettext_lazy("Last changed"), is_optional=True, css="fit"),
)
SHOWN_FILTERS = ("state", "priority", "sla", "line")


@allowed(*READERS)
@require_GET
def incidents(request: ActorRequest) -> HttpResponse:
    """Fifty incidents by filter and sort, with saved views as tabs."""
    if not request.META["QUERY_STRING"] and (query := first_view(request.user, LIST)):
        return go(request, f"{request.path}?{query}")
    at, state = database_now(), list_state(request, columns=COLUMNS, sort="due")
    chosen = filtered(request, at)
    page = page_of(chosen.qs, listing.keys_of(state.sort), cursor=state.cursor, is_backwards=state.is_backwards)
    matching = listing.count_of(chosen.qs)
    context = {
        "page": page, "rows": listing.rows_of(page.rows, at, actor=request.actor), "now": at, "matching": matching,
        "count": listing.count_words(matching), "area": "calls", **_bar(request, chosen, state),
    }  # fmt: skip
    return respond(request, "incidents/list.html", "incidents/_list.html", context)


def _bar(request: ActorRequest, chosen: IncidentFilter, state: ListState) -> dict[str, Any]:
    """Tabs, filter bar, columns and bulk verbs above and below the rows."""
    return {
        "state": state, "keys": {column.key for column in state.columns}, "columns": COLUMNS,
        "fields": [chosen.form[name] for name in SHOWN_FILTERS], "text": request.GET.get("q", ""),
        "chips": _chips(chosen, state), "keep": _kept(request, SHOWN_FILTERS), "tabs": _tabs(request),
        "verbs": BULK_VERBS, "query": state.query.urlencode(), "column_keep": _kept(request, ("col",)),
    }  # fmt: skip


def filtered(request: ActorRequest, at: datetime) -> IncidentFilter:
    """What the address asks for, of what the reader may see."""
    return IncidentFilter(request.GET, queryset=listing.for_list(request.actor), actor=request.actor, at=at)


def _chips(chosen: IncidentFilter, state: ListState) -> list[Chip]:
    """Active filters that the bar does not show, each removable by a link."""
    return [
        Chip(f"{chosen.filters[name].label}: {value}", state.without(name, value))
        for name in chosen.filters
        if name not in (*SHOWN_FILTERS, "q")
        for value in state.query.getlist(name)
        if value
    ]


def _kept(request: HttpRequest, without: tuple[str, ...]) -> list[tuple[str, str]]:
    """The rest of the address, which the form of the bar must carry on."""
    left_out = {*without, "q", "after", "before"}
    return [(key, value) for key, values in request.GET.lists() if key not in left_out for value in values]


def _tabs(request: ActorRequest) -> list[Any]:
    """Built-in views first, then what people saved."""
    path, query = reverse("incidents:list"), _without_page(request)
    built_in = [
        (_("Open"), "state=open"), (_("Mine"), "assignee=me"), (_("In the queue"), "assignee=none"),
        (_("Overdue"), "sla=breach"), (_("Major"), "major=true"), (_("All"), "state=all&sort=-opened"),
    ]  # fmt: skip
    tabs: list[Any] = [
        {
            "label": label,
            "url": f"{path}?{own}",
            "is_current": own == (query or "state=open"),
            "is_shared": False,
            "count": "",
        }
        for label, own in built_in
    ]
    return [*tabs, *saved_views(request.actor, LIST, path=path, query=query)]


def _without_page(request: HttpRequest) -> str:
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    return query.urlencode()


@allowed(Permission.EXPORT)
@require_GET
def as_csv(request: ActorRequest) -> StreamingHttpResponse:
    """The whole filtered list as CSV, in pieces."""
    at = database_now()
    pieces = csv_pieces(
        export.HEADER,
        export.lines(filtered(request, at).qs, at, actor=request.actor),
        zone=ZoneInfo(request.actor.zone),
    )
    headers = {"Content-Disposition": 'attachment; filename="incidents.csv"'}
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


@allowed(Permission.EXPORT)
@require_GET
def as_xlsx(request: ActorRequest) -> HttpResponse:
    """The whole filtered list as an Excel workbook."""
    at, target = database_now(), BytesIO()
    lines = export.lines(filtered(request, at).qs, at, actor=request.actor)
    try:
        write_xlsx(target, export.HEADER, lines, zone=ZoneInfo(request.actor.zone), title=_("Incidents"))
    except TooManyRows:
        raise Refused(_("Excel cannot hold that many rows. Export as CSV, or filter more.")) from None
    kind = "application/vnd.openxmlformats-officedocument.spreadsheetml.sheet"
    headers = {"Content-Disposition": 'attachment; filename="incidents.xlsx"'}
    return HttpResponse(target.getvalue(), content_type=kind, headers=headers)
