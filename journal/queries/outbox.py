"""What waits to be told, and what could not be told."""

from datetime import datetime, timedelta

from journal.models import Heartbeat, Outbox


def dead() -> list[Outbox]:
    """Reactions that were given up, oldest first; kept until somebody has looked."""
    return list(Outbox.objects.exclude(dead_at=None).order_by("pk"))


def waiting_longer_than(seconds: int, at: datetime) -> int:
    """Reactions that should have run that long ago and have not (RELIABILITY 6, I3)."""
    return Outbox.objects.filter(dead_at=None, available_at__lt=at - timedelta(seconds=seconds)).count()


def silent_since(at: datetime, seconds: int) -> list[str]:
    """Components of the engine and worker whose last sign of life is older than that (I7)."""
    old = Heartbeat.objects.filter(at__lt=at - timedelta(seconds=seconds)).exclude(component__startswith="sweep:")
    return list(old.order_by("component").values_list("component", flat=True))
