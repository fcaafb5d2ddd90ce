"""The session engine: rows with the person, when it began and when it was last used (SESSION_ENGINE)."""

import time
from datetime import UTC, datetime
from typing import Any, cast

from django.contrib.auth import SESSION_KEY
from django.contrib.sessions.backends.db import SessionStore as DatabaseStore

from accounts.models import UserSession

STARTED, SEEN, ADDRESS, BROWSER = "_started", "_seen", "_address", "_browser"
SEEN_EVERY_SECONDS = 300
"""How exact "last used" and the idle limit are; each step costs one write."""


class SessionStore(DatabaseStore):
    """Django's database sessions in `UserSession` rows."""

    @classmethod
    def get_model_class(cls) -> type[UserSession]:
        """The table of the sessions."""
        return UserSession

    def create_model_instance(self, data: dict[str, Any]) -> UserSession:
        """The row to write: what is asked by column stands in columns, the rest is opaque."""
        now = time.time()
        started, seen = data.setdefault(STARTED, now), data.setdefault(SEEN, now)
        row = cast("UserSession", super().create_model_instance(data))
        row.user_id = int(data[SESSION_KEY]) if data.get(SESSION_KEY) else None
        row.started_at = datetime.fromtimestamp(started, UTC)
        row.seen_at = datetime.fromtimestamp(seen, UTC)
        row.address, row.browser = data.get(ADDRESS), data.get(BROWSER, "")
        return row


def begin(session: Any, *, address: str | None, browser: str, idle_minutes: int) -> None:
    """Somebody has just signed in with this session: the limits count from now."""
    now = time.time()
    session[STARTED] = session[SEEN] = now
    session[ADDRESS], session[BROWSER] = address, browser[:200]
    session.set_expiry(idle_minutes * 60)


def is_over(session: Any, *, longest_hours: int) -> bool:
    """Whether the session has reached its absolute limit, however busy it is."""
    return bool(time.time() - session.get(STARTED, time.time()) > longest_hours * 3600)


def is_fresh(session: Any, *, seconds: int) -> bool:
    """Whether the sign-in of this session was that short a time ago."""
    return bool(time.time() - session.get(STARTED, 0) < seconds)


def touch(session: Any, *, idle_minutes: int) -> None:
    """Note that it is used, at most once in five minutes; the idle limit counts from there."""
    now = time.time()
    if now - session.get(SEEN, 0) > SEEN_EVERY_SECONDS:
        session[SEEN] = now
        session.set_expiry(idle_minutes * 60)
