"""The wall: four numbers, the overdue, today and this month, trends per service; each number leads to its list."""

from datetime import datetime

from django.http import HttpResponse
from django.shortcuts import render
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from journal.units import database_now
from kernel.pages import respond
from kernel.paging import Key, page_of
from reports import queries

WORDS = {
    "overdue": gettext_lazy("Overdue now"),
    "due": gettext_lazy("Due within the hour"),
    "unrouted": gettext_lazy("Unrouted"),
    "open": gettext_lazy("Open, oldest first"),
    "opened": gettext_lazy("Opened"),
    "resolved": gettext_lazy("Resolved"),
    "in_time": gettext_lazy("Resolved in time"),
    "late": gettext_lazy("Resolved late"),
    "at_desk": gettext_lazy("Solved at the desk"),
}


@allowed(Permission.REPORTS_READ)
@require_GET
def wall(request: ActorRequest) -> HttpResponse:
    """Are we keeping our promises?"""
    at, actor = database_now(), request.actor
    today = queries.day_of(at)
    context = {
        "now": queries.now(actor, at), "overdue": queries.overdue(actor, at), "at": at, "trends": queries.trends(at),
        "periods": [
            ("today", _("Today"), queries.period(actor, queries.start_of(today))),
            ("month", _("This month"), queries.period(actor, queries.start_of(today.replace(day=1)))),
        ],
        "area": "reports",
    }  # fmt: skip
    return respond(request, "reports/wall.html", "reports/_wall.html", context)


@allowed(Permission.REPORTS_READ)
@require_GET
def behind(request: ActorRequest, figure: str) -> HttpResponse:
    """The records behind a number."""
    at = database_now()
    since = _since(request.GET.get("period", "today"), at)
    rows = queries.behind(request.actor, figure, since=since, at=at)
    before = request.GET.get("before", "")
    keys = [Key("opened_at"), Key("id")]
    page = page_of(rows, keys, cursor=before or request.GET.get("after", ""), is_backwards=bool(before))
    context = {"page": page, "figure": figure, "title": WORDS.get(figure, WORDS["open"]), "area": "reports"}
    return render(request, "reports/behind.html", context)


def _since(period: str, at: datetime) -> datetime:
    day = queries.day_of(at)
    return queries.start_of(day.replace(day=1) if period == "month" else day)
