"""The page of a record of a process: understand in ten seconds, act in one step (UX 3.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.http import HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone

from accounts.doors import ActorRequest
from accounts.roles import Permission
from coordination.models import WorkItem
from kernel.actor import Actor
from kernel.pages import respond
from processes.process import Process, is_own_only
from processes.rules import require_internal
from processes.steps import Step, Verb, among
from records.models import ProcessRecord
from records.panels import tabs_for
from records.queries.page import record_page
from records.queries.timeline import entry_asked, show_asked
from sla.queries import ClockRow, clocks_for

P = TypeVar("P", bound=ProcessRecord)
Beside = Callable[..., dict[str, Any]]


@dataclass(frozen=True, kw_only=True)
class RecordPages(Generic[P]):
    """The pages of a process's records: steps and verbs by name, which of them requesters have, own facts.

    `template` extends processes/page.html. `facts(subject, item, is_internal=)` are the process's own facts,
    `beside(actor, subject, item, is_internal=, at=)` what else its template names.
    """

    process: Process[P]
    template: str
    steps: Mapping[str, Step[P]]
    verbs: Mapping[str, Verb[P]]
    facts: Callable[..., list[Any]]
    beside: Beside = lambda *_args, **_known: {}
    own_steps: tuple[str, ...] = ()


def page(request: ActorRequest, pages: RecordPages[P], number: str) -> HttpResponse:
    """Header, promises, steps, time line, facts; requesters go to their own page."""
    subject = pages.process.by_number(request.actor, number)
    if is_own_only(request.actor, subject):
        return HttpResponseRedirect(reverse("records:my_record", args=[subject.record.number]))
    return respond(request, pages.template, pages.template, context(request, pages, subject))


def panel(
    request: ActorRequest, pages: RecordPages[P], number: str, *, tab: str, template: str,
    values: Callable[[P], Mapping[str, Any]],
) -> HttpResponse:  # fmt: skip
    """One tab of the side panel, for staff."""
    subject = pages.process.by_number(request.actor, number)
    require_internal(request.actor, subject)
    whole = context(request, pages, subject, tab) | {"panel_template": template, **values(subject)}
    return respond(request, pages.template, "records/_panel.html", whole)


def context(request: ActorRequest, pages: RecordPages[P], subject: P, tab: str = "facts") -> dict[str, Any]:
    """What templates/processes/page.html needs."""
    frame = record_page(
        request.actor,
        subject.record,
        show=show_asked(request.GET.get("show", "")),
        before=entry_asked(request.GET.get("before", "")),
    )
    at, process = timezone.now(), pages.process
    item = process.work_item(subject.record)
    known = {"is_internal": frame.is_internal, "at": at}
    return {
        "page": frame, "tabs": tabs_for(request.actor, subject.record, tab), "subject": subject,
        process.kind: subject, "now": at, "item": item,
        "own_facts": pages.facts(subject, item, is_internal=frame.is_internal),
        "clocks": _promises(subject, at) if frame.is_internal else [],
        "can_pick": request.actor.may_somewhere(Permission.WORK_PICK),
        **names(process), **_buttons(request.actor, pages, subject, item),
        **pages.beside(request.actor, subject, item, **known),
    }  # fmt: skip


def names(process: Process[Any]) -> dict[str, Any]:
    """The process's place in the frame and its addresses by name."""
    own = ("list", "page", "step", "field")
    return {"area": process.area, "names": {name: f"{process.namespace}:{name}" for name in own}}


def _promises(subject: ProcessRecord, at: datetime) -> list[ClockRow]:
    """What is promised to the customer, and the time of the team and of the supplier whose turn it is."""
    rows = clocks_for([subject.pk], at=at, is_everybody=True).get(subject.pk, [])
    return [row for row in rows if row.is_ours or row.stopped_at is None]


def _buttons(actor: Actor, pages: RecordPages[P], subject: P, item: WorkItem | None) -> dict[str, Any]:
    offered = among(pages.steps, actor, subject, item)
    return {
        "head_steps": [step for step in offered if step.place == "head"],
        "more_steps": [step for step in offered if step.place == "more"],
        "step_names": {step.name for step in offered},
    }
