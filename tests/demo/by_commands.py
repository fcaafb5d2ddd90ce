"""Tell a story by commands, as people and sweeps would have done at its times."""

from collections.abc import Callable
from datetime import datetime, timedelta
from typing import Any

from accounts.models import User
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.models import WorkItem
from incidents import commands as incidents
from incidents.models import Incident
from itsm.demo.clocks import LAG_SECONDS
from itsm.demo.story import Act, Story
from journal.commands import relay_due
from journal.units import door
from kernel.actor import Actor
from records import commands as records
from records.models import Record
from sla.commands.due import fire_due
from sla.models import Deadline


def tell(story: Story, until: datetime) -> Record:
    """The whole story; what commands leave for after the commit is done at once."""
    with door(story.by, source="demo"):
        if story.fixed is None:
            incident = incidents.open_incident(story.opening, actor=story.by, at=story.at)
        else:
            cause, resolution = story.fixed
            incident = incidents.log_and_resolve(
                story.opening, cause=cause, resolution=resolution, actor=story.by, at=story.at
            )
    relay(story.at)
    for act in story.acts:
        sweep_until(incident.record, act.at)
        with door(act.by, source="demo"):
            VERBS[act.verb](incident.pk, act)
        relay(act.at)
    sweep_until(incident.record, until)
    return incident.record


def relay(at: datetime) -> None:
    """Everything that waits for this moment."""
    while relay_due(at + timedelta(seconds=1), actor=SYSTEM, limit=100):
        pass


def sweep_until(record: Record, until: datetime) -> None:
    """Sweeps come by a little after each deadline."""
    while True:
        armed = Deadline.objects.filter(record=record, state="armed").order_by("due_at").first()
        record.refresh_from_db()
        if armed is None:
            return
        moment = max(armed.due_at + timedelta(seconds=LAG_SECONDS), record.last_at)
        if moment > until:
            return
        with door(SYSTEM, source="demo"):
            fired = fire_due([record.pk], actor=SYSTEM, at=moment)
        relay(moment)
        if not fired:
            return


def incident_of(pk: int) -> Incident:
    return Incident.objects.select_related("record").get(pk=pk)


def work_of(pk: int) -> WorkItem:
    return WorkItem.objects.select_related("record").filter(record=pk).order_by("-pk")[0]


def comment(pk: int, *, is_public: bool, actor: Actor, at: datetime, **facts: Any) -> None:
    records.comment(Record.objects.get(pk=pk), is_public=is_public, actor=actor, at=at, **facts)


def assign(pk: int, act: Act) -> None:
    work.assign(work_of(pk), User.objects.get(pk=act.facts["user"]), actor=act.by, at=act.at)


def close(pk: int, act: Act) -> None:
    if act.by.is_system:
        assert incidents.close_if_due(incident_of(pk), actor=act.by, at=act.at)
    else:
        incidents.close(incident_of(pk), actor=act.by, at=act.at)


def of_incident(verb: Callable[..., object]) -> Callable[[int, Act], object]:
    return lambda pk, act: verb(incident_of(pk), actor=act.by, at=act.at, **act.facts)


def of_work(verb: Callable[..., object]) -> Callable[[int, Act], object]:
    return lambda pk, act: verb(work_of(pk), actor=act.by, at=act.at, **act.facts)


VERBS: dict[str, Callable[[int, Act], object]] = {
    "take": of_work(work.take),
    "assign": assign,
    "hand_back": of_work(work.hand_back),
    "reply": lambda pk, act: comment(pk, is_public=True, actor=act.by, at=act.at, **act.facts),
    "write": lambda pk, act: comment(pk, is_public=False, actor=act.by, at=act.at, **act.facts),
    "hold": of_incident(incidents.hold),
    "resume": of_incident(incidents.resume),
    "set_priority": of_incident(incidents.set_priority),
    "resolve": of_incident(incidents.resolve),
    "close": close,
    "reopen": of_incident(incidents.reopen),
    "cancel": of_incident(incidents.cancel),
}
