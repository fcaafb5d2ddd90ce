"""Fill an empty database: the region, a year behind it, and a working day going on."""

from datetime import datetime, timedelta

from accounts.queries import SYSTEM
from itsm.demo.building import build_world
from itsm.demo.cast import Cast
from itsm.demo.history import write_history
from itsm.demo.known import Known
from itsm.demo.plots import Plots, in_order
from itsm.demo.promises import build_agreements
from itsm.demo.today import play_today
from reports.commands import write_day

RECORDS = 4000
FRESH, OLD = 86, 18
"""Stories left open that began in the last day and a half, and in the nine days before."""
FIGURES_DAYS = 120


def fill(at: datetime, *, records: int = RECORDS) -> int:
    """Everything, within the caller's unit of work; returns how many rows of records were written."""
    world = build_world(at)
    build_agreements(world)
    cast = Cast(world, Known())
    plots = Plots(world, cast)
    over = plots.year(records)
    left = [*plots.queue(FRESH, timedelta(hours=30)), *plots.queue(OLD, timedelta(days=9))]
    written = write_history(list(in_order(over, left)), until=at)
    play_today(world, cast)
    for days in range(1, FIGURES_DAYS + 1):
        write_day((at - timedelta(days=days)).date(), actor=SYSTEM, at=at)
    return written
