"""What has served its time goes: sessions that have ended, answers that are repeated no more, files once imported."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet

from accounts.commands.idempotency import KEPT
from accounts.models import IdempotencyKey, ImportFile, UserSession
from journal.units import command
from kernel.actor import Actor

BATCH = 5_000
"""Rows of each table in one transaction; the next sweep takes the next ones."""


@command
def forget_ended(*, actor: Actor, at: datetime) -> int:
    """Delete expired sessions, and answers and brought files older than a day; returns how many rows went."""
    del actor  # anybody's clock may say so: the rows open nothing any more
    over = UserSession.objects.filter(expire_date__lt=at).order_by("expire_date")
    used = IdempotencyKey.objects.filter(at__lt=at - KEPT).order_by("at")
    files = ImportFile.objects.filter(at__lt=at - KEPT).order_by("at")
    return _delete(over) + _delete(used) + _delete(files)


def _delete(rows: QuerySet[Any]) -> int:
    chosen = list(rows.values_list("pk", flat=True)[:BATCH])
    return rows.model.objects.filter(pk__in=chosen).delete()[0] if chosen else 0
