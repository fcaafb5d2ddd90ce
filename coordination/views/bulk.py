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
from coordination.queries.work import person, work_item, work_items
from coordination.views.queue import asked
from journal.units import door
from kernel.actor import Actor
from kernel.bulk import MOST, each_row, each_undo, ticked
from kernel.errors import Refused
from kernel.pages import respond
from records import commands as records
from records import queries as record_queries
from records.queries.page import url_of

VERBS = ("take", "assign", "wait")


@dataclass(frozen=True, slots=True)
class Chosen:
    """The rows that a verb is for; `is_cut` when more match than go at once."""

    items: Sequence[WorkItem]
    is_cut: bool


@allowed(Permission.WORK_PICK, Permission.WORK_ASSIGN)
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """Take, assign or hold the ticked rows, or all that match the filter. Verbs that need more ask for it first."""
    verb = request.POST.get("verb", "")
    if verb not in VERBS:
        raise Refused(_("Choose what to do with the rows."))
    chosen = _chosen(request)
    if verb == "assign" and not request.POST.get("person", "").isdecimal():
        return _ask_person(request, chosen)
    if verb == "wait" and not (form := WaitForm(request.POST)).is_valid():
        return _ask_reason(request, chosen, form)
    outcome = each_row(chosen.items, _act(request, verb), named=_named)
    undo = f"{reverse('coordination:bulk_undo')}?verb={verb}"
    return _done(request, outcome.context(undo) | {"is_cut": chosen.is_cut, "next": _next(request)})


def _chosen(request: ActorRequest) -> Chosen:
    if not request.POST.get("all_matching"):
        return Chosen(work_items(request.actor, ticked(request.POST.getlist("ids"))), is_cut=False)
    what = asked(request, timezone.now())
    ids = matching(request.actor, what.view, what.chosen, what.reader, MOST + 1)
    return Chosen(work_items(request.actor, ids[:MOST]), is_cut=len(ids) > MOST)


def _named(item: WorkItem) -> tuple[str, str]:
    return item.record.number, url_of(item.record)


def _next(request: ActorRequest) -> str:
    here = request.POST.get("next", "")
    return here if here.startswith("/queue/") else reverse("coordination:queue")


def _done(request: ActorRequest, context: dict[str, Any]) -> HttpResponse:
    context |= {"area": "queue"}
    return respond(request, "coordination/bulk_done.html", "coordination/_bulk_done.html", context)


def _ask_reason(request: ActorRequest, chosen: Chosen, form: WaitForm) -> HttpResponse:
    is_first = "reason" not in request.POST
    context = {"area": "queue", "items": chosen.items, "is_cut": chosen.is_cut, "next": _next(request),
               "form": WaitForm() if is_first else form}  # fmt: skip
    status = 200 if is_first else 422
    return respond(request, "coordination/bulk_wait.html", "coordination/_bulk_wait.html", context, status=status)


def _ask_person(request: ActorRequest, chosen: Chosen) -> HttpResponse:
    context: dict[str, Any] = {
        "area": "queue", "items": chosen.items, "is_cut": chosen.is_cut, "next": _next(request),
        "people": colleagues(chosen.items, timezone.now()), "action": reverse("coordination:bulk"), "is_bulk": True,
        "can_override": request.actor.may_somewhere(Permission.WORK_OVERRIDE),
        "can_see_hours": request.actor.may_somewhere(Permission.CAPACITY_READ),
    }  # fmt: skip
    return respond(request, "coordination/assign.html", "coordination/_assign.html", context)


def _act(request: ActorRequest, verb: str) -> Callable[[WorkItem], str]:
    actor, override = request.actor, request.POST.get("override", "")
    chosen = person(int(request.POST["person"])) if verb == "assign" else None

    def act(item: WorkItem) -> str:
        with door(actor) as at:
            if chosen is not None:
                undo = work.assign(item, chosen, actor=actor, at=at, override_reason=override)
                return f"{item.record.number}:{undo.pk}" if undo is not None else ""
            if verb == "take":
                work.take(item, actor=actor, at=at)
            else:
                work.wait(item, reason=request.POST["reason"], actor=actor, at=at)
        return f"{item.record.number}:{item.pk}"

    return act


@allowed(Permission.WORK_PICK, Permission.WORK_ASSIGN)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, row by row: what was taken goes back, what was held goes on."""
    take_back = UNDO.get(request.GET.get("verb", ""), _unassign)
    outcome = each_undo(request.POST.get("rows", ""), lambda number, pk: take_back(request.actor, number, pk),
                        named=lambda number: (number, f"/{number}/"))  # fmt: skip
    return _done(request, outcome.context("") | {"next": reverse("coordination:queue")})


def _unassign(actor: Actor, number: str, undo: int) -> None:
    record = record_queries.by_number(actor, number)
    with door(actor) as at:
        records.undo(record, undo, actor=actor, at=at)


def _untake(actor: Actor, _number: str, pk: int) -> None:
    item = work_item(actor, pk)
    with door(actor) as at:
        work.hand_back(item, actor=actor, at=at)


def _unhold(actor: Actor, _number: str, pk: int) -> None:
    item = work_item(actor, pk)
    with door(actor) as at:
        work.resume(item, actor=actor, at=at)


UNDO: dict[str, Callable[[Actor, str, int], None]] = {"take": _untake, "wait": _unhold}
