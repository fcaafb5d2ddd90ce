"""Whether a live page changed: counters in the cache, bumped after commit. Without the cache everything "changed"."""

import secrets
from collections.abc import Iterable
from datetime import datetime
from hashlib import sha256

from django.core.cache import cache
from django.db import transaction

from journal.units import current
from kernel.actor import Actor

LONGEST = 60 * 60 * 24


def bump(topic: str) -> None:
    """Say that what is shown under this topic changed, once the command's transaction has committed; once a unit."""
    current().writers["live", topic] = lambda: transaction.on_commit(lambda: _set(topic), robust=True)


def _set(topic: str) -> None:
    """A new value for the counter. Random, so that a counter lost with the cache never comes back with an old value."""
    cache.set(f"live:{topic}", secrets.token_hex(8), LONGEST)


def tag(topics: Iterable[str], actor: Actor, at: datetime) -> str:
    """The ETag of a live page: all topics, the current minute (clocks move), who reads, with which rights and words.

    Differs every time when the cache does not answer.
    """
    keys = [f"live:{topic}" for topic in topics]
    values = cache.get_many(keys)
    missing = [key for key in keys if key not in values]
    for key in missing:
        values[key] = secrets.token_hex(8)
        cache.add(key, values[key], LONGEST)
    reader = [actor.id, actor.rights_version, actor.language, actor.zone]
    parts = [*(f"{key}={values[key]}" for key in keys), f"{at:%Y%m%d%H%M}", *reader]
    return f'"{sha256("|".join(map(str, parts)).encode()).hexdigest()[:24]}"'
