"""The line above the queue: competences that the next seven days have too few hours for. Swept, so that a page of the
queue costs no statement for it; without a cache, or when nobody sweeps, there is no line."""  # fmt: skip

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.core.cache import cache

from accounts.queries import SYSTEM
from accounts.roles import Permission
from coordination.models import WorkItem
from coordination.queries.demand import demand_table
from coordination.queries.words import need_words
from kernel.actor import Actor

KEY = "queue:short"
KEPT_SECONDS = 900
NAMED = 3
"""So many competences are named in the line."""


@dataclass(frozen=True, slots=True)
class Short:
    """A competence at a level in words, minutes that are missing, and the address of the work."""

    words: str
    minutes: int
    query: str


def keep(at: datetime) -> int:
    """Work out over the whole house, confidential records left out, what is short now; returns how many lines."""
    table = demand_table(SYSTEM, 1, at, WorkItem.objects.filter(record__confidential_class=""))
    rows = [{"code": line.code, "name": dict(line.name), "level": line.level, "short": line.cells[0].short}
            for line in table.lines if line.code and line.cells[0].short]  # fmt: skip
    cache.set(KEY, rows, KEPT_SECONDS)
    return len(rows)


def short_now(actor: Actor) -> list[Short]:
    """What was short at the last sweep, most first; nothing for those who may not read everybody's hours."""
    if not actor.may(Permission.CAPACITY_READ):
        return []
    rows: list[dict[str, Any]] = cache.get(KEY) or []
    return [
        Short(
            need_words(row["name"], row["code"], row["level"]),
            row["short"],
            f"competence={row['code']}&level={row['level']}&week=0",
        )
        for row in rows[:NAMED]
    ]
