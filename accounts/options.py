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
