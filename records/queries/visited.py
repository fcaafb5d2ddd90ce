"""The records that somebody looked at last, and how far: kept in the cache, nothing without it."""

from django.core.cache import cache

from kernel.actor import Actor
from records.models import Record
from records.queries.record import visible_to

MOST = 8
KEPT_SECONDS = 60 * 60 * 24 * 14


def visit(actor: Actor, record: Record) -> None:
    """Note that the person opened the record's page."""
    before = [each for each in visited_ids(actor) if each != record.pk]
    cache.set(_key(actor), [record.pk, *before][:MOST], KEPT_SECONDS)


def visited_ids(actor: Actor) -> list[int]:
    """Ids of the records opened last, newest first."""
    return list(cache.get(_key(actor)) or [])


def visited(actor: Actor) -> list[Record]:
    """The records opened last that the person may still see, newest first."""
    ids = visited_ids(actor)
    rows = visible_to(actor).in_bulk(ids) if ids else {}
    return [rows[each] for each in ids if each in rows]


def last_seen(actor: Actor, record: Record) -> int:
    """The number of the record's last event when the person was here before; 0 at a first visit."""
    return int(cache.get(_seen_key(actor, record)) or 0)


def note_seen(actor: Actor, record: Record, seq: int) -> None:
    """The person has seen the time line up to this event."""
    cache.set(_seen_key(actor, record), seq, KEPT_SECONDS)


def _seen_key(actor: Actor, record: Record) -> str:
    return f"seen:{actor.id}:{record.pk}"


def _key(actor: Actor) -> str:
    return f"visited:{actor.id}"
