"""Fire what is due: each deadline exactly once, late rather than never, whoever sweeps (RELIABILITY 6, DOMAIN S3)."""

import logging
from collections.abc import Sequence
from datetime import datetime

from accounts.queries import SYSTEM
from journal.units import command, door, is_database_away
from kernel.actor import Actor
from records import commands as records
from sla.commands import firing
from sla.queries.due import due_of, records_due

log = logging.getLogger("spindel.sla")
CHUNK = 20


def sweep(at: datetime, limit: int = 200) -> int:
    """Fire what is due at `at`, oldest first, in transactions of a few records; returns how many fired.

    A record that somebody holds is left for the next sweep. When a chunk fails as a whole its records are tried one
    by one, and those that fail then wait longer each time.
    """
    ids, fired = records_due(at, limit), 0
    for first in range(0, len(ids), CHUNK):
        chunk = ids[first : first + CHUNK]
        try:
            fired += _fire_chunk(chunk, at)
        except Exception as fault:
            if is_database_away(fault):
                raise  # nothing is wrong with these records
            log.exception("records %s could not be swept together", chunk)
            fired += sum(_fire_alone(record, at) for record in chunk)
    return fired


def _fire_chunk(ids: Sequence[int], at: datetime) -> int:
    with door(SYSTEM, source="sweep"):
        return fire_due(ids, actor=SYSTEM, at=at)


def _fire_alone(record_id: int, at: datetime) -> int:
    try:
        return _fire_chunk([record_id], at)
    except Exception as fault:
        if is_database_away(fault):
            raise
        log.exception("record %s could not be swept", record_id)
        with door(SYSTEM, source="sweep"):
            put_off(record_id, fault=f"{type(fault).__name__}: {fault}", actor=SYSTEM, at=at)
        return 0


@command
def fire_due(record_ids: Sequence[int], *, actor: Actor, at: datetime) -> int:
    """Fire what is due on those of the records that nobody else holds; returns how many fired."""
    locked, now = records.try_lock(record_ids, at=at)
    by_id = {record.pk: record for record in locked}
    rows = due_of(by_id, at)
    fired = sum(firing.fire_all(by_id[row.record_id], [row], actor=actor, at=now) for row in rows)
    if rows:
        firing.write(rows)
    return fired


@command
def put_off(record_id: int, *, fault: str, actor: Actor, at: datetime) -> None:
    """Note a failure that could not be told apart from the record's other deadlines; all of them wait."""
    locked, now = records.try_lock([record_id], at=at)
    for record in locked:
        rows = due_of([record_id], at)
        for row in rows:
            firing.put_off(record, row, fault, actor=actor, at=now)
        firing.write(rows)
