"""The answer to a POST is kept with its effect, in one transaction, so that a repeated request does nothing twice.

A crash before the commit leaves neither, a crash after it leaves both (RELIABILITY 6). The key is claimed before any
other lock (ARCHITECTURE 5); a second request with the same key waits for the first one's commit and gets its answer.
"""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import IdempotencyKey
from kernel.actor import Actor
from kernel.errors import Refused

KEPT = timedelta(hours=24)


class KeyReused(Refused):
    """The same key came with another request: 422."""

    status = 422
    code = "idempotency_key_reused"


@dataclass(frozen=True, slots=True)
class Answer:
    """What was answered the first time."""

    status: int
    body: str
    headers: Mapping[str, Any]


def claim_key(key: str, *, path: str, digest: str, actor: Actor, at: datetime) -> IdempotencyKey | Answer:
    """The row to keep the answer in, or the answer of 24 hours. KeyReused when the request was another one."""
    IdempotencyKey.objects.filter(user_id=actor.id, key=key, at__lt=at - KEPT).delete()
    fresh = IdempotencyKey(user_id=actor.id, key=key, path=path[:200], request_digest=digest, at=at)
    IdempotencyKey.objects.bulk_create([fresh], ignore_conflicts=True)
    row = IdempotencyKey.objects.select_for_update().get(user_id=actor.id, key=key)
    if row.request_digest != digest:
        raise KeyReused(_("This Idempotency-Key was used for another request. Use a new key for each request."))
    return row if row.status == 0 else Answer(row.status, row.body, row.headers)


def keep_answer(row: IdempotencyKey, answer: Answer) -> None:
    """Keep the answer; the claimed row is locked."""
    IdempotencyKey.objects.filter(pk=row.pk).update(
        status=answer.status, body=answer.body, headers=dict(answer.headers)
    )
