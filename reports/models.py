"""Day figures, written nightly: what trends are drawn from, so that no page counts history."""

from django.db import models

from registry.models import Service


class DayFigure(models.Model):
    """One day, kind and service (null = all): opened, resolved, in time, late, open at the end of the day."""

    day = models.DateField()
    kind = models.CharField(max_length=20)
    service = models.ForeignKey(Service, models.PROTECT, null=True, related_name="+")
    opened = models.IntegerField(default=0)
    resolved = models.IntegerField(default=0)
    in_time = models.IntegerField(default=0)
    late = models.IntegerField(default=0)
    open_at_end = models.IntegerField(default=0)
    solved_at_desk = models.IntegerField(default=0)

    class Meta:
        constraints = [
            models.UniqueConstraint(fields=["day", "kind", "service"], name="day_figure_once", nulls_distinct=False)
        ]
