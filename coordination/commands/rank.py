"""Write ranks: when work is offered, when what it depends on changes, and when a step of time falls due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.utils.translation import gettext as _

from coordination import events, policies
from coordination.commands.change import lock_work, note, require_state
from coordination.models import Boost, Ranking, WorkItem
from coordination.queries.rank import facts_for, rules
from coordination.ranking import Facts, harm_of, rank
from coordination.workflow import OPEN
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from records.models import Record

BATCH = 500
LONGEST_BOOST = timedelta(days=14)


def put_in_rank(work_items: Sequence[WorkItem], *, at: datetime) -> None:
    """Store the rank of queued work items, new or changed. Records locked."""
    if work_items:
        _store(work_items, facts_for(work_items, at), at)


def _store(work_items: Sequence[WorkItem], facts: Sequence[Facts], at: datetime) -> None:
    in_force, version = rules()
    rows = []
    for work_item, known in zip(work_items, facts, strict=True):
        found = rank(known, in_force, at)
        rows.append(
            Ranking(
                work_item=work_item, record_id=work_item.record_id, score=found.score, next_rank_at=found.next_at,
                parts=[part.as_json() for part in found.parts], rules_version=version,
            )
        )  # fmt: skip
    Ranking.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["work_item"],
        update_fields=["score", "parts", "next_rank_at", "rules_version"],
    )  # fmt: skip


def rerank_record(record: Record, *, at: datetime) -> None:
    """Rank the record's queued work again: its promise, priority or component has changed. Record locked."""
    rows = WorkItem.objects.filter(record=record, state=WorkItem.State.QUEUED)
    work_items = list(rows)
    for work_item in work_items:
        work_item.record = record
    put_in_rank(work_items, at=at)


@command
def boost(
    work_item: WorkItem, *, points: int, reason: str, expires_at: datetime, actor: Actor, at: datetime, source: str = ""
) -> None:
    """Lift (or lower, below zero) the rank by at most 100 points until a time, with a reason everybody reads.

    `source` makes it happen once only. Never bumps the record's version.
    """
    at = lock_work(work_item, at=at)
    policies.require(policies.can_boost, actor, work_item, _("Only a coordinator can boost."))
    require_state(work_item, *OPEN)
    fields = _boost_faults(points, reason, expires_at, at)
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    if source and Boost.objects.filter(source=source).exists():
        return
    Boost.objects.create(
        work_item=work_item, points=points, reason=reason.strip(), source=source, by_id=actor.id or None, at=at,
        expires_at=expires_at,
    )  # fmt: skip
    if work_item.state == WorkItem.State.QUEUED:
        put_in_rank([work_item], at=at)
    note(work_item, events.BOOSTED, actor=actor, at=at, points=points, reason=reason.strip(), expires_at=expires_at)


def _boost_faults(points: int, reason: str, expires_at: datetime, at: datetime) -> dict[str, list[str]]:
    faults: dict[str, list[str]] = {}
    if not (-100 <= points <= 100 and points):
        faults["points"] = [_("A boost is from 1 to 100 points, up or down.")]
    if not reason.strip():
        faults["reason"] = [_("Say why. Everybody who sees the queue reads it.")]
    if not at < expires_at <= at + LONGEST_BOOST:
        faults["expires_at"] = [_("A boost ends within 14 days.")]
    return faults


@command
def sweep(*, actor: Actor, at: datetime) -> int:
    """Rank again what a step of time has reached, at most 500; returns how many. Rows in use are left for next time.

    Harm is taken from the stored parts: time alone does not change which services stop.
    """
    due = (
        Ranking.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(next_rank_at__lte=at)
        .order_by("next_rank_at")
        .select_related("work_item", "record__requester")[:BATCH]
    )
    rows = list(due)
    work_items = []
    for row in rows:
        row.work_item.record = row.record
        work_items.append(row.work_item)
    if rows:
        facts = facts_for(work_items, at, harms={row.pk: harm_of(row.parts) for row in rows})
        _store(work_items, facts, at)
    return len(rows)


def rank_records(record_ids: Sequence[int], *, at: datetime) -> int:
    """Rank the queued work of these records again without their lock, as the sweep does; rows in use are left out."""
    rows = (
        Ranking.objects.select_for_update(skip_locked=True, of=("self",))
        .filter(record__in=record_ids)
        .order_by("pk")
        .select_related("work_item", "record__requester")
    )
    work_items = []
    for row in rows:
        row.work_item.record = row.record
        work_items.append(row.work_item)
    put_in_rank(work_items, at=at)
    return len(work_items)
