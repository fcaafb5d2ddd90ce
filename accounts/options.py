"""What an administrator may change about sign-in, under the settings key "accounts"."""

from dataclasses import dataclass

KEY = "accounts"


@dataclass(frozen=True, slots=True)
class SignInOptions:
    """Limits of a session and who needs a second factor (RELIABILITY 5.3, ASVS 7.3)."""

    idle_minutes: int = 8 * 60
    longest_hours: int = 7 * 24
    second_factor_roles: tuple[str, ...] = ("administrator", "auditor")
    token_days: int = 365


KEYS = (
    "?", "/", ".", "n", "N", "w", "g q", "g m", "g i", "g s", "g d", "j", "k", "x", "X", "o", "f", "v", "y",
    "i", "a", "s", "p", "t", "d", "h", "l", "c", "m", "r", "e", "J", "K", "u",
)  # fmt: skip
"""Single keys that a person may replace by own ones (UX 3.2, WCAG 2.1.4)."""
