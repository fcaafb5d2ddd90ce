"""One round of each thing that Spindel does by itself: sweep, relay, seal (RELIABILITY 6).

The resident engine, Celery's beat and `manage.py sweep --once` all come here; any one of them suffices.
"""

import logging
from collections.abc import Iterable
from datetime import datetime, timedelta

from accounts.queries import SYSTEM
from journal import commands as journal
from journal.units import database_now, is_database_away
from kernel.sweeps import Sweeper, all_sweepers

log = logging.getLogger("spindel.engine")


def sweep(sweepers: Iterable[Sweeper] | None = None) -> int:
    """Run these sweepers, or all; returns how many things they did. One that fails stops no other."""
    at, done = database_now(), 0
    for sweeper in all_sweepers() if sweepers is None else sweepers:
        try:
            done += _run(sweeper, at)
        except Exception as fault:
            if is_database_away(fault):
                raise
            log.exception("sweeper %s failed", sweeper.name)
    return done


def _run(sweeper: Sweeper, at: datetime) -> int:
    if sweeper.is_claimed:
        every = timedelta(seconds=sweeper.every)
        if not journal.claim(f"sweep:{sweeper.name}", at=at, every=every):
            return 0
    return sweeper.run(at)


def relay() -> int:
    """Run a batch of reactions after commit; returns how many were taken."""
    return journal.relay_due(database_now(), actor=SYSTEM)


def seal() -> int:
    """Seal what has finished; 0, because there is nothing to hurry on to."""
    journal.seal_finished(database_now())
    return 0


def alive(component: str, lag_seconds: float = 0) -> None:
    """Leave a sign of life."""
    journal.beat(component, at=database_now(), lag_seconds=lag_seconds)
