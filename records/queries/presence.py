"""Who looks at a record now: kept in the cache for half a minute; without the cache nobody is shown."""

import time
from dataclasses import dataclass

from django.core.cache import cache

from kernel.actor import Actor
from records.models import Record

HERE_SECONDS = 40
"""A beat comes every 15 s; two may be lost."""


@dataclass(frozen=True, slots=True)
class Present:
    """Somebody who is here (templates/_components/presence.html)."""

    name: str
    is_typing: bool


def beat(record: Record, actor: Actor, *, is_typing: bool) -> None:
    """This person is here."""
    here = _alive(record)
    here[actor.id] = (actor.name, is_typing, time.time())
    cache.set(_key(record), here, HERE_SECONDS)


def others(record: Record, actor: Actor) -> list[Present]:
    """Everybody else who was here a moment ago, those who write first."""
    here = [Present(name, is_typing) for who, (name, is_typing, _at) in _alive(record).items() if who != actor.id]
    return sorted(here, key=lambda each: (not each.is_typing, each.name))


def _alive(record: Record) -> dict[int, tuple[str, bool, float]]:
    oldest = time.time() - HERE_SECONDS
    kept: dict[int, tuple[str, bool, float]] = cache.get(_key(record)) or {}
    return {who: each for who, each in kept.items() if each[2] >= oldest}


def _key(record: Record) -> str:
    return f"presence:{record.pk}"
