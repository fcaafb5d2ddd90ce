"""One verb for many rows: each in a transaction of its own, a result for each, and Undo for those that can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from coordination import commands as work
from coordination.forms import WaitForm
from coordination.models import WorkItem
from coordination.queries.explain import colleagues
from coordination.queries.rows import matching
from coordination.queries.work import person, work_items
from coordination.views.queue import asked
from journal.units import door
from kernel.errors import Refused
from kernel.pages import respond
from records import commands as records
from records import queries as record_queries
from records.models import Undo
from records.queries.page import url_of

MOST = 500


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that did not go, and why."""

    number: str
    url: str
    reason: str


@allowed(Permission.WORK_PICK, Permission.WORK_ASSIGN)
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """Take, assign or hold the ticked rows, or all that match the filter. Verbs that need more ask for it first."""
    ids, verb = _chosen(request), request.POST.get("verb", "")
    items = work_items(request.actor, ids)
    if verb == "assign" and not request.POST.get("person", "").isdecimal():
        return _ask_person(request, items)
    if verb == "wait" and not (form := WaitForm(request.POST)).is_valid():
        is_first = "reason" not in request.POST
        context = {"area": "queue", "items": items, "form": WaitForm() if is_first else form, "next": _next(request)}
        return respond(request, "coordination/bulk_wait.html", "coordination/_bulk_wait.html", context,
                       status=200 if is_first else 422)  # fmt: skip
    return _result(request, items, _act(request, verb))


def _chosen(request: ActorRequest) -> list[int]:
    if request.POST.get("all_matching"):
        what = asked(request, timezone.now())
        return matching(request.actor, what.view, what.chosen, what.reader, MOST)
    return [int(each) for each in request.POST.getlist("ids") if each.isdecimal()][:MOST]


def _next(request: ActorRequest) -> str:
    here = request.POST.get("next", "")
    return here if here.startswith("/queue/") else reverse("coordination:queue")


def _ask_person(request: ActorRequest, items: Sequence[WorkItem]) -> HttpResponse:
    context: dict[str, Any] = {
        "area": "queue", "items": items, "people": colleagues(items, timezone.now()), "next": _next(request),
        "action": reverse("coordination:bulk"), "is_bulk": True,
        "can_override": request.actor.may_somewhere(Permission.WORK_OVERRIDE),
        "can_see_hours": request.actor.may_somewhere(Permission.CAPACITY_READ),
    }  # fmt: skip
    return respond(request, "coordination/assign.html", "coordination/_assign.html", context)


def _act(request: ActorRequest, verb: str) -> Callable[[WorkItem], Undo | None]:
    actor, reason = request.actor, request.POST.get("override", "")
    chosen = person(int(request.POST["person"])) if verb == "assign" else None

    def act(item: WorkItem) -> Undo | None:
        with door(actor) as at:
            if chosen is not None:
                return work.assign(item, chosen, actor=actor, at=at, override_reason=reason)
            if verb == "take":
                work.take(item, actor=actor, at=at)
            elif verb == "wait":
                work.wait(item, reason=request.POST["reason"], actor=actor, at=at)
            else:
                raise Refused(_("Choose what to do with the rows."))
        return None

    return act


def _result(request: ActorRequest, items: Sequence[WorkItem], act: Callable[[WorkItem], Undo | None]) -> HttpResponse:
    refused, undos, done = [], [], 0
    for item in items:
        try:
            undo = act(item)
        except Refused as refusal:
            refused.append(Refusal(item.record.number, url_of(item.record), refusal.message))
            continue
        done += 1
        if undo is not None:
            undos.append(f"{item.record.number}:{undo.pk}")
    back = reverse("coordination:bulk_undo") + "?u=" + ",".join(undos) if undos else ""
    context = {"area": "queue", "done": done, "refused": refused, "undo": back, "next": _next(request)}
    return respond(request, "coordination/bulk_done.html", "coordination/_bulk_done.html", context)


@allowed(Permission.WORK_ASSIGN)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, row by row."""
    refused, done = [], 0
    for pair in request.GET.get("u", "").split(",")[:MOST]:
        number, _colon, undo = pair.partition(":")
        if not undo.isdecimal():
            continue
        try:
            record = record_queries.by_number(request.actor, number)
            with door(request.actor) as at:
                records.undo(record, int(undo), actor=request.actor, at=at)
            done += 1
        except Refused as refusal:
            refused.append(Refusal(number, f"/{number}/", refusal.message))
    context = {"area": "queue", "done": done, "refused": refused, "undo": "", "next": reverse("coordination:queue")}
    return respond(request, "coordination/bulk_done.html", "coordination/_bulk_done.html", context)
