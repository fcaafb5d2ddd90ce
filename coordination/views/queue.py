"""The queue with its tabs, live; the same rows as a file."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any
from zoneinfo import ZoneInfo

from django.http import (
    FileResponse,
    HttpRequest,
    HttpResponse,
    HttpResponseBase,
    HttpResponseNotModified,
    StreamingHttpResponse,
)
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, allowed
from accounts.models import User
from accounts.queries.saved_views import first_view, saved_views
from accounts.roles import Permission
from coordination.filters import WorkFilterForm, read_filter
from coordination.queries.counts import Counts, counts
from coordination.queries.export import EXPORT_HEADER, export_file, export_rows
from coordination.queries.filtering import WorkFilter
from coordination.queries.limits import limits
from coordination.queries.rows import Reader, View, matching, reader_of, rows_page
from coordination.queries.shortage import short_now
from coordination.queries.work import next_planned
from journal import live
from kernel.bulk import MOST
from kernel.pages import Chip, Column, ListState, go, is_fragment_request, list_state, respond
from kernel.spreadsheets.writing import csv_pieces
from workforce.queries import Held, competences_held

LIST = "queue"
"""Under which saved views are kept."""

READERS = (Permission.WORK_PICK, Permission.WORK_ASSIGN, Permission.RECORD_SEE_ALL)
COLUMNS = (
    Column("priority", gettext_lazy("Priority"), css="fit"),
    Column("promise", gettext_lazy("Promise"), css="fit"),
    Column("number", gettext_lazy("Number"), css="fit num"),
    Column("title", gettext_lazy("Work"), css="main"),
    Column("component", gettext_lazy("Component"), css="c2"),
    Column("needs", gettext_lazy("Needs"), css="c2"),
    Column("who", gettext_lazy("Who"), css="c3"),
    Column("rank", gettext_lazy("Rank and why"), css="wide"),
)
TABS = (
    (View.EVERYTHING, gettext_lazy("Everything"), "everything"),
    (View.COMPETENT, gettext_lazy("My competences"), "competent"),
    (View.UNROUTED, gettext_lazy("Unrouted"), "unrouted"),
    (View.PLANNED, gettext_lazy("Planned"), "planned"),
    (View.WAITING, gettext_lazy("Waiting"), "waiting"),
    (View.MINE, gettext_lazy("Mine"), "mine"),
)


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks for, and who asks."""

    view: View
    chosen: WorkFilter
    competences: Sequence[Held]
    counts: Counts
    reader: Reader


def asked(request: ActorRequest, at: datetime) -> Asked:
    """Three statements: competences with the reader's levels, the tabs with their load."""
    competences = competences_held(request.actor.id, at)
    needs = tuple(sorted(need for each in competences for need in each.needs))
    found = counts(request.actor, needs)
    site = request.user.location if isinstance(request.user, User) else ""
    reader = reader_of(request.actor, site, competences, found.load, at)
    wanted = request.GET.get("view", "")
    view = View(wanted) if wanted in set(View) else View.EVERYTHING
    return Asked(view, read_filter(request.GET.dict(), competences), competences, found, reader)


@allowed(*READERS)
@require_safe
def queue(request: ActorRequest) -> HttpResponse:
    """The queue; to a poll only its rows and counts, or 304 while nothing changed."""
    if not request.META["QUERY_STRING"] and (query := first_view(request.user, LIST)):
        return go(request, f"{request.path}?{query}")
    at = timezone.now()
    tag = live.tag(["queue", request.get_full_path()], request.actor, at)
    if is_fragment_request(request) and request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    state, what = list_state(request, columns=COLUMNS, sort=""), asked(request, at)
    rows, page = rows_page(
        request.actor, what.view, what.chosen, what.reader, cursor=state.cursor, is_backwards=state.is_backwards
    )
    context = _context(request, state, what) | {"rows": rows, "page": page}
    if not rows and what.counts.planned:
        context["next_planned"] = next_planned(request.actor)
    if not is_fragment_request(request):
        context |= {"matching": _matching(request, what), "short": short_now(request.actor)}
    response = respond(request, "coordination/queue.html", "coordination/_queue_live.html", context)
    response["ETag"] = tag
    return response


def _context(request: ActorRequest, state: ListState, what: Asked) -> dict[str, Any]:
    form = WorkFilterForm(request.GET, what.competences)
    return {
        "area": "queue", "state": state, "view": what.view, "tabs": tabs(what.view, what.counts), "form": form,
        "text": request.GET.get("q", ""), "keep": [("view", what.view.value)] if request.GET.get("view") else [],
        "chips": _chips(request, state, form), "counts": what.counts, "limit": limits().work_in_progress,
        "can_pick": request.actor.may_somewhere(Permission.WORK_PICK), "verbs": bulk_verbs(request),
        "empty": _empty(what.view, bool(_filtered(request))), "empty_url": f"?view={what.view.value}",
        "list_url": request.get_full_path(), "can_export": request.actor.may_somewhere(Permission.EXPORT),
        "can_see_hours": request.actor.may_somewhere(Permission.CAPACITY_READ),
        "views": saved_views(request.actor, LIST, path="/queue/", query=without_page(request)),
        "save_url": f"{reverse('accounts:save_view', args=[LIST])}?{without_page(request)}",
    }  # fmt: skip


def _matching(request: ActorRequest, what: Asked) -> int:
    """How much the whole filter holds: as the tab says; filtered, counted up to one more than goes at once."""
    if not _filtered(request):
        return int(getattr(what.counts, next(name for each, _label, name in TABS if each == what.view)))
    return len(matching(request.actor, what.view, what.chosen, what.reader, MOST + 1))


def tabs(view: View | None, found: Counts) -> list[dict[str, Any]]:
    """The tabs of the queue, and the board beside them."""
    return [
        {"label": label, "url": f"/queue/?view={each.value}", "is_current": each == view, "key": "",
         "count": getattr(found, name)}
        for each, label, name in TABS
    ]  # fmt: skip


def bulk_verbs(request: ActorRequest) -> list[dict[str, str]]:
    """What can be done with ticked rows."""
    verbs = []
    if request.actor.may_somewhere(Permission.WORK_PICK):
        verbs.append({"name": "take", "label": _("Take"), "key": "i", "icon": ""})
    if request.actor.may_somewhere(Permission.WORK_ASSIGN):
        verbs.append({"name": "assign", "label": _("Assign"), "key": "a", "icon": ""})
        verbs.append({"name": "wait", "label": _("Hold"), "key": "h", "icon": ""})
    return verbs


def without_page(request: HttpRequest) -> str:
    """The address's query without its place in the list."""
    query = request.GET.copy()
    for key in ("after", "before"):
        query.pop(key, None)
    return query.urlencode()


def _filtered(request: HttpRequest) -> list[str]:
    names = ("q", "priority", "sla", "competence", "team", "site", "component")
    return [name for name in names if request.GET.get(name)]


def _chips(request: HttpRequest, state: ListState, form: WorkFilterForm) -> list[Chip]:
    chips = []
    for name in _filtered(request):
        value = request.GET[name]
        if name == "q":
            tokens = value.split()
            for token in tokens:
                rest = " ".join(each for each in tokens if each != token)
                chips.append(Chip(token, state.url(q=rest or None)))
        else:
            chips.append(Chip(f"{form.fields[name].label}: {value}", state.url(**{name: None})))
    return chips


def _empty(view: View, is_filtered: bool) -> str:  # noqa: FBT001  # private
    if is_filtered:
        return _("No work matches the filter.")
    return {
        View.EVERYTHING: _("Nothing waits in the queue."),
        View.COMPETENT: _("Nothing in the queue matches your competences."),
        View.UNROUTED: _("All work is routed. Well done."),
        View.PLANNED: _("Nothing is planned for later."),
        View.WAITING: _("Nothing is on hold."),
        View.MINE: _("You have nothing in progress. Pick next gives you the best work for you."),
    }[view]


@allowed(Permission.EXPORT)
@require_safe
def export(request: ActorRequest, form: str) -> HttpResponseBase:
    """The filtered tab as CSV or Excel, at most 10,000 rows."""
    what = asked(request, timezone.now())
    rows: Iterator[tuple[Any, ...]] = export_rows(request.actor, what.view, what.chosen, what.reader)
    zone = ZoneInfo(request.actor.zone)
    if form == "xlsx":
        return FileResponse(export_file(rows, zone), as_attachment=True, filename="queue.xlsx")
    headers = {"Content-Disposition": 'attachment; filename="queue.csv"'}
    pieces = csv_pieces([str(each) for each in EXPORT_HEADER], rows, zone=zone)
    return StreamingHttpResponse(pieces, content_type="text/csv; charset=utf-8", headers=headers)
