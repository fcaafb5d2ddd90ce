"""Look after the clocks themselves: the nightly audit, and the repair of a clock with nothing armed (RELIABILITY 6)."""

from collections.abc import Iterable
from datetime import datetime

from accounts.queries import SYSTEM
from journal.units import command, door
from kernel.actor import Actor
from records import commands as records
from sla import events
from sla.commands.book import Book
from sla.ledger import Kind
from sla.models import Clock, Drift
from sla.queries import audit, rules

CHUNK = 500


def audit_all(at: datetime) -> int:
    """Compute every live clock, and those stopped within 30 days, from its ledger; returns how many differ.

    Read without locks; what differs is looked at again under the record's lock before it is written down.
    """
    cursor, found = 0, 0
    while clocks := audit.audited_after(cursor, at, CHUNK):
        suspects = audit.differences(clocks, rules.now(), at)
        for suspect in suspects:
            with door(SYSTEM, source="sweep"):
                found += note_drift(suspect.clock.record_id, actor=SYSTEM, at=at)
        cursor = clocks[-1].pk
    return found


@command
def note_drift(record_id: int, *, actor: Actor, at: datetime) -> int:
    """Write down which clocks of the record differ from their ledgers; nothing is changed, a person decides."""
    locked, now = records.try_lock([record_id], at=at)
    if not locked:
        return 0
    clocks = Clock.objects.filter(record=record_id).order_by("pk")
    found = audit.differences(clocks, rules.now(), now)
    for each in found:
        Drift.objects.create(clock=each.clock, stored=each.stored, computed=each.computed, at=now)
        records.note(
            locked[0], events.DRIFTED, actor=actor, at=now, metric=each.clock.metric, stored=each.stored,
            computed=each.computed,
        )  # fmt: skip
    return len(found)


def repair_unarmed(at: datetime, limit: int = 200) -> int:
    """Arm what a running promise has lost; returns how many records had lost something (T4: found within a minute)."""
    lost = audit.unarmed().order_by("pk").values_list("record_id", flat=True)
    repaired = 0
    for record_id in _once(lost[:limit]):
        with door(SYSTEM, source="sweep"):
            repaired += arm_again(record_id, actor=SYSTEM, at=at)
    return repaired


@command
def arm_again(record_id: int, *, actor: Actor, at: datetime) -> bool:
    """Plan the record's unarmed clocks anew and write down that they had lost their deadlines."""
    locked, now = records.try_lock([record_id], at=at)
    for record in locked:
        bare = set(audit.unarmed().filter(record=record).values_list("pk", flat=True))
        book = Book(record, rules.now(), actor=actor, at=now).read()
        for leaf in book.leaves:
            if leaf.clock.pk in bare:
                promise = leaf.state.promise
                leaf.add(Kind.CALENDAR, now, "repair", version=promise.version, tzdata=promise.tzdata)
                Drift.objects.create(clock=leaf.clock, stored={"armed": []}, computed={"armed": "again"}, at=now)
                records.note(record, events.DRIFTED, actor=actor, at=now, metric=leaf.clock.metric, repaired=True)
        book.save()
        return bool(bare)
    return False


def _once(ids: Iterable[int]) -> list[int]:
    return list(dict.fromkeys(ids))
