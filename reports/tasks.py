"""The nightly door: count the days that have ended."""

from datetime import datetime

from accounts.queries import SYSTEM
from journal.units import door
from kernel.sweeps import sweeper
from reports import commands, queries


@sweeper("reports.day_figures", every=3600)
def write_days(at: datetime) -> int:
    """Figures of every ended day that has none, a day a transaction."""
    days = queries.missing_days(at)
    for day in days:
        with door(SYSTEM, source="sweep") as now:
            commands.write_day(day, actor=SYSTEM, at=now)
    return len(days)
