"""What the queue does when others' events happen."""

from datetime import timedelta

from accounts import events as account_events
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination import events
from coordination.queries.work import person, record_with_work, team
from kernel.reactions import Fact, When, on
from records import events as record_events

BOOST_POINTS, BOOST_HOURS = 50, 24


@on(record_events.RETARGETED, record_events.PHASE_CHANGED, when=When.IN_TRANSACTION)
def rank_again(fact: Fact) -> None:
    """Priority, promise or phase has changed: the queued work of the record stands elsewhere now."""
    work.rerank_record(fact.subject, at=fact.at)


@on(record_events.FIELD_CHANGED)
def rank_other_component(fact: Fact) -> None:
    """Another component stops other services."""
    if {"component", "service"} & set(fact.data.get("after", ())):
        work.rank_records([fact.subject_id], at=fact.at)


@on(events.FINISHED, events.CANCELLED, events.RELEASED, events.WAITING)
def bring_back_parked(fact: Fact) -> None:
    """The work of a major incident has left its assignee: what it interrupted comes back to their top."""
    work.return_parked(fact.data["work_item"], actor=SYSTEM, at=fact.at)


@on(account_events.DISABLED)
def release_work_of_leaver(fact: Fact) -> None:
    """The account was switched off: what the person held goes back to the queue, unless it is on again by now."""
    if not person(fact.subject_id).is_active:
        work.give_back_all(fact.subject_id, actor=SYSTEM, at=fact.at)


@on("sla.step_fired", only=lambda data: data.get("action") in ("boost", "offer_team"))
def escalate(fact: Fact) -> None:
    """An escalation step lifts the work in the queue, or offers it to another team."""
    action, config = fact.data.get("action"), fact.data.get("config") or {}
    if action not in ("boost", "offer_team"):
        return
    record, work_items = record_with_work(fact.subject_id)
    if action == "offer_team" and fact.data.get("team") and any(each.assignee_id is None for each in work_items):
        work.route(record, team=team(fact.data["team"]), actor=SYSTEM, at=fact.at)
    if action == "boost" and work_items:
        until = fact.at + timedelta(hours=config.get("hours", BOOST_HOURS))
        source = f"deadline:{fact.data['deadline_id']}"
        work.boost(work_items[0], points=config.get("points", BOOST_POINTS), reason=config.get("reason", "SLA"),
                   expires_at=until, source=source, actor=SYSTEM, at=fact.at)  # fmt: skip
