"""The words of the time line: each app declares its event codes in events.py and registers them here."""

from dataclasses import dataclass
from enum import StrEnum


class Weight(StrEnum):
    """How loud an entry is on the time line: words of people, changes of state, everything else (UX 1.2)."""

    MESSAGE = "message"
    CHANGE = "change"
    NOISE = "noise"


@dataclass(frozen=True, slots=True)
class EventType:
    """One event code: its label (a message id with the data's names), icon, weight, and who may read it.

    `public` entries are shown to the requester, with no more of their data than `public_keys`; `personal` names the
    keys in data that erasure empties;
    a template `events/<code>.html` of the app, when there is one, replaces the label.
    """

    code: str
    label: str
    icon: str = "dot"
    weight: Weight = Weight.CHANGE
    public: bool = False
    public_keys: tuple[str, ...] = ()
    personal: tuple[str, ...] = ()


_types: dict[str, EventType] = {}


def register(*types: EventType) -> None:
    """Make event codes known; a code declared twice differently is a programming error."""
    for entry in types:
        known = _types.setdefault(entry.code, entry)
        if known != entry:
            message = f"event code {entry.code} is declared twice"
            raise ValueError(message)


def event_type(code: str) -> EventType:
    """The declared type, or a quiet stand-in for a code of an app that is switched off."""
    return _types.get(code) or EventType(code, code, weight=Weight.NOISE)


def known_codes() -> set[str]:
    """Every declared code."""
    return set(_types)
