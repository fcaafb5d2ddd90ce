"""Run what was to happen after commit: at least once, and exactly once for effects in this database (RELIABILITY 6).

A row is leased in a short transaction of its own. Its reaction then runs in one door together with the deletion of
the row, so effect and "done" are one. A process that dies leaves its lease to expire; the attempt has been counted.
Reactions that lock nothing run many in one door; when one of them fails, each runs in a door of its own.
"""

import logging
import time
from collections.abc import Sequence
from datetime import datetime, timedelta

from django.db import connection, transaction
from django.db.models import F, Q

from journal.commands.note import nudged_by
from journal.models import Event, Outbox
from journal.units import door, is_database_away
from kernel.actor import Actor
from kernel.reactions import Fact, Reaction, by_name, is_lockless

log = logging.getLogger("spindel.relay")
BATCH, ATTEMPTS = 100, 8
Waiting = tuple[Outbox, Reaction, Event]
LEASE = timedelta(seconds=60)
CHANNEL = "spindel"
NUDGE_SECONDS = 0.2


def relay_due(at: datetime, *, actor: Actor, limit: int = BATCH) -> int:
    """Run up to `limit` waiting reactions as `actor`; returns how many rows were taken, whatever became of them."""
    rows = _lease(at, limit)
    events = Event.objects.in_bulk([row.event_id for row in rows])
    waiting: list[Waiting] = []
    for row in rows:
        function, event = by_name(row.reaction), events.get(row.event_id)
        if function is None or event is None:
            _bury(row, "There is no such reaction any more." if event else "There is no such event.", at)
        else:
            waiting.append((row, function, event))
    together = [each for each in waiting if is_lockless(each[1])]
    if len(together) > 1 and _all_ran(together, actor):
        waiting = [each for each in waiting if not is_lockless(each[1])]
    for row, function, event in waiting:
        try:
            _run([(row, function, event)], actor)
        except Exception as fault:
            if is_database_away(fault):
                raise
            log.exception("reaction %s to event %s failed", row.reaction, row.event_id)
            _put_off(row, f"{type(fault).__name__}: {fault}", at)
    return len(rows)


def _all_ran(together: Sequence[Waiting], actor: Actor) -> bool:
    """Whether all ran in one door; False leaves nothing done, so that each can be tried by itself."""
    try:
        _run(together, actor)
    except Exception as fault:
        if is_database_away(fault):
            raise
        log.info("reactions run one by one, because one of %s failed: %s", len(together), fault)
        return False
    return True


def _lease(at: datetime, limit: int) -> list[Outbox]:
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    with transaction.atomic():
        waiting = Outbox.objects.select_for_update(skip_locked=True).filter(free, dead_at=None, available_at__lte=at)
        rows = list(waiting.order_by("pk")[:limit])
        until = at + LEASE
        Outbox.objects.filter(pk__in=[row.pk for row in rows]).update(leased_until=until, attempts=F("attempts") + 1)
    for row in rows:
        row.leased_until, row.attempts = until, row.attempts + 1
    return rows


CLAIM = """
DELETE FROM journal_outbox WHERE id IN (
  SELECT id FROM journal_outbox WHERE (id, attempts) IN (SELECT * FROM unnest(%s::bigint[], %s::smallint[]))
  FOR UPDATE SKIP LOCKED
) RETURNING id
"""


def _run(waiting: Sequence[Waiting], actor: Actor) -> None:
    """Take the rows away and do what they say, in one door; those whose lease ran out are another relay's by now."""
    with door(actor, source="relay"):
        with connection.cursor() as cursor:
            cursor.execute(CLAIM, [[row.pk for row, *_ in waiting], [row.attempts for row, *_ in waiting]])
            mine = {pk for (pk,) in cursor.fetchall()}
        for row, function, event in waiting:
            if row.pk in mine:
                function(fact_of(event))


def fact_of(event: Event) -> Fact:
    """What a reaction after commit is told: no live subject, and the event's id as the key against doing it twice."""
    who = Actor(id=event.actor_id, kind=event.actor_kind, name="")
    return Fact(event.code, event.subject_kind, event.subject_id, event.at, who, event.data, None, event.pk)


def _put_off(row: Outbox, error: str, at: datetime) -> None:
    if row.attempts >= ATTEMPTS:
        _bury(row, error, at)
        return
    again = at + timedelta(seconds=2**row.attempts)
    Outbox.objects.filter(pk=row.pk).update(leased_until=None, available_at=again, error=error[:2000])


def _bury(row: Outbox, error: str, at: datetime) -> None:
    Outbox.objects.filter(pk=row.pk).update(dead_at=at, leased_until=None, error=error[:2000])


def revive(row_id: int, *, at: datetime) -> bool:
    """Try a dead row again from the first attempt; False when there is no such dead row."""
    dead = Outbox.objects.filter(pk=row_id).exclude(dead_at=None)
    return bool(dead.update(dead_at=None, attempts=0, available_at=at))


class _Nudge:
    """When this process last told the engine that there is work."""

    last = float("-inf")


@nudged_by
def wake_engine() -> None:
    """Tell the resident engine, after commit, that there is work; at most five times a second for each process."""
    if time.monotonic() - _Nudge.last < NUDGE_SECONDS:
        return
    _Nudge.last = time.monotonic()
    with connection.cursor() as cursor:
        cursor.execute(f"NOTIFY {CHANNEL}")
