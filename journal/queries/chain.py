"""The chain of a subject's events: each one's mac covers the one before, under a key outside the database."""

import hashlib
import hmac
import json
from typing import Any

from django.conf import settings

from journal.models import Event


def canonical(data: dict[str, Any]) -> bytes:
    """The bytes that the digest covers: keys sorted, no spaces, UTF-8."""
    return json.dumps(data, sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()


def digest_of(salt: bytes, data: dict[str, Any]) -> bytes:
    """sha256(salt ‖ canonical data)."""
    return digest_of_text(salt, canonical(data))


def digest_of_text(salt: bytes, text: bytes) -> bytes:
    """The same for data that is canonical bytes already."""
    return hashlib.sha256(salt + text).digest()


def mac_of(previous: bytes, event: Event) -> bytes:
    """HMAC(key, previous mac ‖ seq ‖ code ‖ actor ‖ at ‖ digest); the key lives outside the database."""
    stamp = f"{event.seq}|{event.code}|{event.actor_kind}:{event.actor_id}|{event.at.timestamp():.6f}|"
    text = previous + stamp.encode() + bytes(event.digest)
    return hmac.new(settings.SPINDEL_JOURNAL_KEY, text, hashlib.sha256).digest()
