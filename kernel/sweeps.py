"""What is looked after without anybody asking: due rows of every room, swept by whoever is alive (RELIABILITY 6).

A room registers a sweeper in its `tasks.py`. The resident engine, Celery's beat and `manage.py sweep --once` each run
all of them; any one suffices, and two at the same time do no harm, because a sweeper locks what it changes.
"""

from collections.abc import Callable
from dataclasses import dataclass
from datetime import datetime

Sweep = Callable[[datetime], int]


@dataclass(frozen=True, slots=True)
class Sweeper:
    """`run(at)` opens its own doors, one for each thing it does, and returns how many things it did.

    `every` is in seconds. One of an hour or more is run by one process only, the first to claim the period.
    """

    name: str
    every: int
    run: Sweep

    @property
    def is_claimed(self) -> bool:
        """Whether a period of this sweeper belongs to the process that claims it first."""
        return self.every >= 3600


_sweepers: dict[str, Sweeper] = {}


def sweeper(name: str, *, every: int) -> Callable[[Sweep], Sweep]:
    """Register a sweep under a name such as "sla.deadlines", to run every so many seconds."""

    def register(function: Sweep) -> Sweep:
        known = _sweepers.setdefault(name, Sweeper(name, every, function))
        if known.run is not function:
            raise ValueError(f"sweeper {name} is registered twice")
        return function

    return register


def all_sweepers() -> list[Sweeper]:
    """Every registered sweeper, the most frequent first."""
    return sorted(_sweepers.values(), key=lambda each: (each.every, each.name))
