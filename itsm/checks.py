"""System checks across the house: every event that somebody listens to is declared by somebody (ARCHITECTURE 3)."""

from collections.abc import Iterable
from typing import Any

from django.core.checks import CheckMessage, Error, register

from kernel.events import known_codes
from kernel.reactions import codes_listened_to


def unheard(listened_to: Iterable[str], declared: Iterable[str]) -> list[str]:
    """Codes that a reaction names and no app declares."""
    return sorted(set(listened_to) - set(declared))


@register
def reactions_hear_something(app_configs: Any, **_kwargs: Any) -> list[CheckMessage]:
    """A reaction to a code that nobody emits would never run and nobody would notice."""
    del app_configs
    return [
        Error(f"A reaction listens to {code}, which no app declares.", hint="Is the code spelt as in events.py?",
              id="spindel.E001")
        for code in unheard(codes_listened_to(), known_codes())
    ]  # fmt: skip
