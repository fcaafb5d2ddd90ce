"""What the queue does when others' events happen."""

from coordination import commands as work
from coordination import events
from kernel.reactions import Fact, When, on
from records import events as record_events


@on(record_events.RETARGETED, record_events.PHASE_CHANGED, when=When.IN_TRANSACTION)
def rank_again(fact: Fact) -> None:
    """Priority, promise or phase has changed: the queued work of the record stands elsewhere now."""
    work.rerank_record(fact.subject, at=fact.at)


@on(events.FINISHED, events.CANCELLED, events.RELEASED, events.WAITING)
def bring_back_parked(fact: Fact) -> None:
    """The work of a major incident has left its assignee: what it interrupted comes back to their top."""
    work.return_parked(fact.data["work_item"], actor=fact.actor, at=fact.at)
