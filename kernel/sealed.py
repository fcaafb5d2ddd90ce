"""Secrets that must be read again (second factors, webhook keys): sealed by AES-GCM, key outside the database."""

import base64
import hashlib
import secrets

from cryptography.exceptions import InvalidTag
from cryptography.hazmat.primitives.ciphers.aead import AESGCM
from django.conf import settings

MARK = "s1."


class BrokenSeal(ValueError):
    """The text was sealed with another key, for another purpose, or changed since."""


def seal(text: str, purpose: str) -> str:
    """The text encrypted for one purpose; nobody can move it to another."""
    nonce = secrets.token_bytes(12)
    sealed = AESGCM(_key()).encrypt(nonce, text.encode(), purpose.encode())
    return MARK + base64.urlsafe_b64encode(nonce + sealed).decode()


def unseal(text: str, purpose: str) -> str:
    """What was sealed for that purpose, else BrokenSeal."""
    try:
        raw = base64.urlsafe_b64decode(text.removeprefix(MARK))
        return AESGCM(_key()).decrypt(raw[:12], raw[12:], purpose.encode()).decode()
    except (InvalidTag, ValueError) as fault:
        raise BrokenSeal(purpose) from fault


def _key() -> bytes:
    return hashlib.sha256(b"spindel sealed text 1|" + settings.SECRET_KEY.encode()).digest()
