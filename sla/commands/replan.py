"""Edits of targets, calendars and zone rules move running clocks: by the sweep, one transaction a record."""

import logging
from datetime import datetime

from django.db import connection

from accounts.queries import SYSTEM
from journal.units import command, door, forget_version
from kernel.actor import Actor
from kernel.workflow import Phase
from kernel.zones import tzdata_version
from records import commands as records
from sla.commands import clocks, moves
from sla.commands.book import Book
from sla.models import Replan
from sla.queries import replans, rules

log = logging.getLogger("spindel.sla")
CHUNK = 200
RULES_LOCK = 0x51A0C7
"""One writer of rules at a time: versions are the newest id, so they become visible in the order of their ids."""
Cause = Replan.Cause


@command
def ask(cause: str, *, calendar_id: int | None = None, is_locked: bool = False, actor: Actor, at: datetime) -> Replan:
    """Have running clocks planned anew; asking again for what nobody has begun adds nothing.

    A change of rules is always written down: the newest such row is the version of the rules. `is_locked` says that
    the caller has taken `lock_rules` already.
    """
    if cause != Cause.RULES:
        waiting = Replan.objects.filter(cause=cause, calendar=calendar_id, cursor=0, finished_at=None).first()
        if waiting is not None:
            return waiting
    else:
        forget_version(rules.RULES)
        if not is_locked:
            lock_rules()
    return Replan.objects.create(cause=cause, calendar_id=calendar_id, at=at)


def lock_rules() -> None:
    """Wait until nobody else changes the rules; whoever also writes settings takes this lock first."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [RULES_LOCK])


def replan(at: datetime, limit: int = CHUNK) -> int:
    """Take the oldest request some clocks further; returns how many records were looked at.

    Killed at any point it goes on from its cursor, and a clock that is current already is left alone.
    """
    job = replans.oldest()
    if job is None:
        return 0
    clock_ids = replans.clocks_after(job, limit)
    seen: set[int] = set()
    for clock_id, record_id in clock_ids:
        if record_id not in seen:
            with door(SYSTEM, source="sweep"):
                moved = plan_anew(record_id, _because(job), actor=SYSTEM, at=at)
            if moved is None:
                break  # somebody holds the record: go on from here next time
            seen.add(record_id)
            job.moved += moved
        job.cursor = clock_id
    is_finished = len(clock_ids) < limit and (not clock_ids or job.cursor == clock_ids[-1][0])
    with door(SYSTEM, source="sweep"):
        advance(job, is_finished=is_finished, actor=SYSTEM, at=at)
    return len(seen)


def _because(job: Replan) -> moves.Cause:
    """The version that moves clocks: of the rules, of a calendar, of the zone rules."""
    if job.calendar is not None:
        return moves.Cause(job.cause, str(job.calendar.version), job.calendar.name)
    return moves.Cause(job.cause, tzdata_version() if job.cause == Cause.TZDATA else str(job.pk))


@command
def plan_anew(record_id: int, because: moves.Cause, *, actor: Actor, at: datetime) -> bool | None:
    """Bring one record's clocks up to date; whether that changed anything, or None when somebody holds the record.

    Due times that move by it are told on the record, with the version that moved them.
    """
    locked, now = records.try_lock([record_id], at=at)
    if not locked:
        return None
    record = locked[0]
    book = Book(record, rules.now(), actor=actor, at=now).read()
    before = moves.due_times(book)
    if because.cause == Cause.RULES and record.phase != Phase.DONE:
        clocks.retargeted(book, reason="rules")
        clocks.followed(book, old=record.phase)  # pause rules may say otherwise now
    for leaf in book.leaves:
        book.catch_up(leaf)
    changed = any(leaf.has_news for leaf in book.leaves)
    book.save()
    moves.tell(book, before, because)
    return changed


@command
def advance(job: Replan, *, is_finished: bool, actor: Actor, at: datetime) -> None:
    """Write how far a request has come."""
    job.finished_at = at if is_finished else None
    job.save(update_fields=["cursor", "moved", "finished_at"])
    if is_finished:
        log.info("planned anew because of %s: %s records moved, by %s", job.cause, job.moved, actor.name)


def watch_zone_rules(at: datetime) -> int:
    """Ask for a re-plan when running clocks were planned with other zone rules than this process has."""
    if not replans.has_other_zone_rules(tzdata_version()):
        return 0
    with door(SYSTEM, source="sweep"):
        ask(Cause.TZDATA, actor=SYSTEM, at=at)
    return 1
