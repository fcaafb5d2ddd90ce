"""Clocks are never called: they react to what happens to records (ARCHITECTURE 3)."""

from datetime import datetime

from kernel.reactions import Fact, When, on
from records import events as record_events
from sla.commands import clocks, replan
from sla.models import Metric, Replan
from workforce import events as workforce_events


@on(record_events.OPENED, when=When.IN_TRANSACTION)
def start_clocks(fact: Fact) -> None:
    """A record was opened."""
    clocks.start(fact.subject, actor=fact.actor, at=fact.at)


@on(record_events.PHASE_CHANGED, when=When.IN_TRANSACTION)
def follow_phase(fact: Fact) -> None:
    """A record went to another phase, or waits for something else."""
    old, waited = fact.data["old"], fact.data.get("waited", "")
    clocks.follow_phase(fact.subject, old=old, waited=waited, undoes=_undoes(fact), actor=fact.actor, at=fact.at)


@on(record_events.RESPONDED, when=When.IN_TRANSACTION)
def stop_response(fact: Fact) -> None:
    """The first response was given."""
    clocks.stop(fact.subject, metric=Metric.RESPONSE, reason=clocks.RESPONDED, actor=fact.actor, at=fact.at)


@on(record_events.RETARGETED, when=When.IN_TRANSACTION)
def retarget(fact: Fact) -> None:
    """Priority, service or requester changed."""
    why = str(fact.data.get("reason", ""))
    clocks.retarget(fact.subject, reason="changed", why=why, undoes=_undoes(fact), actor=fact.actor, at=fact.at)


@on(record_events.OWNER_CHANGED, when=When.IN_TRANSACTION)
def follow_owner(fact: Fact) -> None:
    """Another team owns the record."""
    clocks.follow_owner(fact.subject, undoes=_undoes(fact), actor=fact.actor, at=fact.at)


@on(record_events.SUPPLIER_CHANGED, when=When.IN_TRANSACTION)
def follow_supplier(fact: Fact) -> None:
    """The record went to a supplier, or came back."""
    clocks.follow_supplier(fact.subject, supplier=fact.data["supplier"], actor=fact.actor, at=fact.at)


@on(record_events.MERGED, when=When.IN_TRANSACTION)
def stop_merged(fact: Fact) -> None:
    """A record went into another one; the other one's clocks go on."""
    if fact.subject.merged_into_id is not None:
        clocks.stop(fact.subject, reason="merged", actor=fact.actor, at=fact.at)


@on(workforce_events.CALENDAR_CHANGED)
def replan_calendar(fact: Fact) -> None:
    """Opening hours were edited: the clocks on them are planned anew, in chunks, by the sweep."""
    replan.ask(Replan.Cause.CALENDAR, calendar_id=fact.subject_id, actor=fact.actor, at=fact.at)


def _undoes(fact: Fact) -> datetime | None:
    """When the act happened that this one undoes (data of the undo command: `undoes`, an ISO time)."""
    text = fact.data.get("undoes")
    return datetime.fromisoformat(text) if text else None
