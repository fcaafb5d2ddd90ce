"""Write ranks: when work is offered, when what it depends on changes, and when a step of time falls due."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db.models import F, Q
from django.utils.translation import gettext as _

from coordination import events, policies
from coordination.commands.change import QUEUE, lock_work, note, require_state
from coordination.models import Boost, Ranking, WorkItem
from coordination.queries.rank import facts_for, rules
from coordination.ranking import Facts, harm_of, rank
from coordination.workflow import OPEN
from journal import live
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from records.models import Record

BATCH = 500
LONGEST_BOOST = timedelta(days=14)


def put_in_rank(work_items: Sequence[WorkItem], *, at: datetime, are_new: bool = False) -> None:
    """Store the rank of queued work items, new (not in rank before) or changed. Records locked."""
    if work_items:
        _store(work_items, facts_for(work_items, at, are_new=are_new), at)


def _store(work_items: Sequence[WorkItem], facts: Sequence[Facts], at: datetime) -> None:
    in_force = rules()
    rows = []
    for work_item, known in zip(work_items, facts, strict=True):
        found = rank(known, in_force, at)
        rows.append(
            Ranking(
                work_item=work_item, record_id=work_item.record_id, score=found.score, next_rank_at=found.next_at,
                parts=[part.as_json() for part in found.parts], risk_at=known.risk_at, rules_version=in_force.version,
            )
        )  # fmt: skip
    Ranking.objects.bulk_create(
        rows, update_conflicts=True, unique_fields=["work_item"],
        update_fields=["score", "parts", "next_rank_at", "risk_at", "rules_version"],
    )  # fmt: skip
    live.bump(QUEUE)


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
    """Rank again what a step of time has reached, at most 500; returns how many. Rows in use are left for next time."""
    return _again(Q(next_rank_at__lte=at), at, is_harm_kept=True)


@command
def sweep_drifted(*, actor: Actor, at: datetime) -> int:
    """Rank again, at most 500, what was ranked by other rules, or by a promise that was planned anew since."""
    moved = Q(risk_at=None, record__risk_at__isnull=False) | Q(risk_at__isnull=False, record__risk_at=None)
    moved |= Q(risk_at__isnull=False, record__risk_at__isnull=False) & ~Q(risk_at=F("record__risk_at"))
    return _again(moved | ~Q(rules_version=rules().version), at, is_harm_kept=True)


@command
def sweep_harm(after: int, *, actor: Actor, at: datetime) -> int:
    """Walk the components again for 500 work items after this id; returns the last one's id, 0 at the end.

    Relations between components change without telling the queue, so harm is at most an hour behind.
    """
    ids = list(Ranking.objects.filter(pk__gt=after).order_by("pk").values_list("pk", flat=True)[:BATCH])
    _again(Q(pk__in=ids), at, is_harm_kept=False)
    return ids[-1] if len(ids) == BATCH else 0


def rank_records(record_ids: Sequence[int], *, at: datetime) -> int:
    """Rank the queued work of these records again as the sweeps do, components walked; rows in use are left out."""
    return _again(Q(record__in=list(record_ids)), at, is_harm_kept=False)


def _again(which: Q, at: datetime, *, is_harm_kept: bool) -> int:
    """Lock what nobody uses, rank it, store it. Kept harm comes from the stored parts: time alone stops no service."""
    due = Ranking.objects.select_for_update(skip_locked=True, of=("self",)).filter(which).order_by("next_rank_at", "pk")
    rows = list(due.select_related("work_item", "record__requester")[:BATCH])
    for row in rows:
        row.work_item.record = row.record
    work_items = [row.work_item for row in rows]
    if rows:
        harms = {row.pk: harm_of(row.parts) for row in rows} if is_harm_kept else None
        _store(work_items, facts_for(work_items, at, harms), at)
    return len(rows)
