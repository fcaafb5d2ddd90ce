"""Which clocks an edit may move."""

from kernel.workflow import Phase
from records.models import Record
from sla.models import Clock, Replan


def oldest() -> Replan | None:
    """The request to work on: first come, first served."""
    return Replan.objects.filter(finished_at=None).select_related("calendar").order_by("pk").first()


def clocks_after(job: Replan, limit: int) -> list[tuple[int, int]]:
    """The next clocks of a request as (clock, record), by id.

    Other rules may promise something to a record that had no clock: then it is open records, each as (record, record).
    """
    if job.cause == Replan.Cause.RULES:
        found = Record.objects.filter(pk__gt=job.cursor).exclude(phase=Phase.DONE).order_by("pk")
        return [(pk, pk) for pk in found.values_list("pk", flat=True)[:limit]]
    rows = Clock.objects.filter(pk__gt=job.cursor).exclude(state=Clock.State.STOPPED)
    if job.cause == Replan.Cause.CALENDAR:
        rows = rows.filter(calendar=job.calendar_id)
    return list(rows.order_by("pk").values_list("pk", "record_id")[:limit])


def has_other_zone_rules(version: str) -> bool:
    """Whether a clock that has not stopped was planned with other zone rules."""
    return Clock.objects.exclude(state=Clock.State.STOPPED).exclude(tzdata_version=version).exists()
