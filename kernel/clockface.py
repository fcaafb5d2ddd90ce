"""What a page shows of one promise (an SLA clock): a value, made by whoever owns the clock."""

from dataclasses import dataclass
from datetime import datetime
from typing import Literal

from django.utils.translation import gettext_lazy as _

ClockState = Literal["breach", "risk", "ok", "met", "paused", "none"]

CLOCK_WORDS = {
    "breach": _("Overdue"),
    "risk": _("Due soon"),
    "ok": _("On track"),
    "met": _("Met"),
    "paused": _("Paused"),
    "none": _("No promise"),
}


@dataclass(frozen=True, slots=True, kw_only=True)
class ClockFace:
    """One promise at one moment. Breached goes before due soon, paused and on track (UX 1.2): say `breach` while both.

    `left` is working time in seconds at the moment `at`, negative once overdue. `risk_left` is how much is left when
    "due soon" begins, `stops_at` when the clock next stops by its calendar; both let the browser go on counting.
    Outside opening hours `stops_at` is `at`, and `opens_at` says when the clock goes on. `paused_since` may come with
    any state, because a paused clock may be overdue: both are shown.
    """

    state: ClockState
    at: datetime | None = None
    left: int | None = None
    due_at: datetime | None = None
    met_at: datetime | None = None
    stops_at: datetime | None = None
    opens_at: datetime | None = None
    risk_left: int | None = None
    used_percent: int | None = None
    name: str = ""
    reason: str = ""
    paused_since: datetime | None = None

    @property
    def word(self) -> str:
        """The state's word in the reader's language (DOMAIN 6, UX 4.4)."""
        return str(CLOCK_WORDS[self.state])

    @property
    def is_running(self) -> bool:
        """Whether the browser should go on counting."""
        return self.state in ("breach", "risk", "ok") and self.left is not None and self.paused_since is None
