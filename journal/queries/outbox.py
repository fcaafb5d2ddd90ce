"""What waits to be told, and what could not be told."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Count, Min, Q

from journal.models import Heartbeat, Outbox


@dataclass(frozen=True, slots=True)
class Backlog:
    """Reactions that could run now, since when the oldest could, and those that were given up."""

    waiting: int
    since: datetime | None
    dead: int


def backlog(at: datetime) -> Backlog:
    """How far the relay is behind, in one statement."""
    ready = Q(dead_at=None, available_at__lte=at)
    row = Outbox.objects.aggregate(
        waiting=Count("pk", filter=ready),
        since=Min("available_at", filter=ready),
        dead=Count("pk", filter=~Q(dead_at=None)),
    )
    return Backlog(**row)


def dead() -> list[Outbox]:
    """Reactions that were given up, oldest first; kept until somebody has looked."""
    return list(Outbox.objects.exclude(dead_at=None).order_by("pk"))


def waiting_longer_than(seconds: int, at: datetime) -> int:
    """Reactions that should have run that long ago and have not (RELIABILITY 6, I3)."""
    return Outbox.objects.filter(dead_at=None, available_at__lt=at - timedelta(seconds=seconds)).count()


def signs_of_life() -> dict[str, tuple[datetime, float]]:
    """When each part of the engine and the worker was last alive, and how many seconds its round took."""
    rows = Heartbeat.objects.exclude(component__startswith="sweep:").order_by("component")
    return {name: (at, lag) for name, at, lag in rows.values_list("component", "at", "lag_seconds")}


def silent_since(at: datetime, seconds: int) -> list[str]:
    """Components of the engine and worker whose last sign of life is older than that (I7)."""
    old = Heartbeat.objects.filter(at__lt=at - timedelta(seconds=seconds)).exclude(component__startswith="sweep:")
    return list(old.order_by("component").values_list("component", flat=True))
