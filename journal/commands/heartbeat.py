"""Say that a part of Spindel is alive, and claim work that only one process should do in a period."""

from datetime import UTC, datetime, timedelta

from django.db import transaction

from journal.models import Heartbeat

ANCHOR = datetime(2026, 1, 1, 1, 0, tzinfo=UTC)
"""Periods begin here: a daily sweep runs after one o'clock UTC, when few are awake in Europe."""


def beat(component: str, *, at: datetime, lag_seconds: float = 0) -> None:
    """This component was alive at that time; `lag_seconds` says how far behind it was."""
    row = Heartbeat(component=component, at=at, lag_seconds=round(lag_seconds, 3))
    Heartbeat.objects.bulk_create(
        [row], update_conflicts=True, unique_fields=["component"], update_fields=["at", "lag_seconds"]
    )


def claim(component: str, *, at: datetime, every: timedelta) -> bool:
    """Whether the caller is the first to ask in this period; it does the period's work."""
    begins = at - (at - ANCHOR) % every
    with transaction.atomic():
        _row, made = Heartbeat.objects.get_or_create(component=component, defaults={"at": at})
        return made or bool(Heartbeat.objects.filter(component=component, at__lt=begins).update(at=at))
