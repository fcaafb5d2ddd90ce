"""The wall: four numbers, the overdue, today and this month, trends per service; each number leads to its list."""

from tempfile import TemporaryFile
from typing import Any
from urllib.parse import urlencode
from zoneinfo import ZoneInfo

from django.http import FileResponse, HttpResponse, StreamingHttpResponse
from django.http.response import HttpResponseBase
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_safe

from accounts.doors import ActorRequest, allowed
from accounts.policies import require
from accounts.roles import Permission
from journal.units import database_now
from kernel.pages import respond
from kernel.paging import Key, page_of, place_of
from kernel.spreadsheets.writing import csv_pieces, write_xlsx
from reports import queries

WORDS = {
    "overdue": gettext_lazy("Overdue now"),
    "due": gettext_lazy("Due within the hour"),
    "unrouted": gettext_lazy("Unrouted"),
    "open": gettext_lazy("Open, oldest first"),
    "opened": gettext_lazy("Opened"),
    "resolved": gettext_lazy("Resolved"),
    "judged": gettext_lazy("Resolved with a promise"),
    "in_time": gettext_lazy("Resolved in time"),
    "late": gettext_lazy("Resolved late"),
    "at_desk": gettext_lazy("Solved at the desk"),
}
PERIOD_WORDS = {
    "today": gettext_lazy("today"), "month": gettext_lazy("this month"), "14d": gettext_lazy("the last 14 days"),
}  # fmt: skip
NOW = ("overdue", "due", "unrouted", "open")


@allowed(Permission.REPORTS_READ)
@require_GET
def wall(request: ActorRequest) -> HttpResponse:
    """Are we keeping our promises?"""
    at, actor = database_now(), request.actor
    found = queries.periods(actor, {name: queries.span_of(name, at) for name in ("today", "month")})
    context = {
        "now": queries.now(actor, at), "overdue": queries.overdue(actor, at), "at": at, "trends": queries.trends(at),
        "periods": [("today", _("Today"), found["today"]), ("month", _("This month"), found["month"])],
        "area": "reports",
    }  # fmt: skip
    return respond(request, "reports/wall.html", "reports/_wall.html", context)


@allowed(Permission.REPORTS_READ)
@require_GET
def behind(request: ActorRequest, figure: str) -> HttpResponse:
    """The records behind a number."""
    at = database_now()
    place, words = _asked(request, figure)
    rows = queries.behind(request.actor, figure, span=queries.span_of(at=at, **place), at=at)
    page = page_of(rows, [Key("opened_at"), Key("id")], **place_of(request.GET))
    context = {
        "page": page, "figure": figure, "title": words, "query": urlencode(place), "area": "reports",
        "can_export": request.actor.may(Permission.EXPORT),
    }  # fmt: skip
    return render(request, "reports/behind.html", context)


@allowed(Permission.REPORTS_READ)
@require_safe
def export(request: ActorRequest, figure: str, form: str) -> HttpResponseBase:
    """The records behind a number as CSV or Excel, for those who may also take lists along."""
    require(request.actor, Permission.EXPORT)
    at = database_now()
    place, words = _asked(request, figure)
    rows = queries.behind(request.actor, figure, span=queries.span_of(at=at, **place), at=at)
    lines, zone = queries.lines(rows), ZoneInfo(request.actor.zone)
    if form == "xlsx":
        target = TemporaryFile()  # noqa: SIM115  # the response closes it
        write_xlsx(target, queries.HEADER, lines, zone=zone, title=words[:30])
        target.seek(0)
        return FileResponse(target, as_attachment=True, filename=f"{figure}.xlsx")
    headers = {"Content-Disposition": f'attachment; filename="{figure}.csv"'}
    pieces = csv_pieces(queries.HEADER, lines, zone=zone)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)


def _asked(request: ActorRequest, figure: str) -> tuple[dict[str, Any], str]:
    """Period and service of the address, and what the list is of, in words."""
    period, service = request.GET.get("period", "today"), request.GET.get("service", "")
    period = period if period in queries.PERIODS else "today"
    parts = [str(WORDS[figure])]
    parts += [] if figure in NOW else [str(PERIOD_WORDS[period])]
    parts += [service] if service else []
    return {"period": period, "service": service}, ", ".join(parts)
