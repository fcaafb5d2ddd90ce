"""Keep the day figures that trends are drawn from."""

from datetime import date, datetime

from journal.units import command
from kernel.actor import Actor
from reports import queries
from reports.models import DayFigure


@command
def write_day(day: date, *, actor: Actor, at: datetime) -> int:
    """Count an ended day once; counting it again gives the same rows. Returns how many rows it has."""
    rows = queries.figures_of(day)
    DayFigure.objects.filter(day=day, kind="incident").delete()
    return len(DayFigure.objects.bulk_create(rows))
