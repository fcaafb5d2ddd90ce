"""Calls go down the floors; reactions come up. One table, two moments, nothing else (ARCHITECTURE 3, 5)."""

from collections import defaultdict
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from enum import Enum
from typing import Any

from kernel.actor import Actor


class When(Enum):
    """In the same transaction (may refuse, closed list), or after commit (at least once, idempotent)."""

    IN_TRANSACTION = "in transaction"
    AFTER_COMMIT = "after commit"


@dataclass(frozen=True, slots=True)
class Fact:
    """What a reaction is told: an event, its subject, and the live subject object inside the transaction.

    `subject` is the Record (or other object) when in transaction and None after commit: load it by id then.
    `event_id` is 0 in transaction, because events are written once at the end. `key` is stable over retries.
    """

    code: str
    subject_kind: str
    subject_id: int
    at: datetime
    actor: Actor
    data: dict[str, Any]
    subject: Any = None
    event_id: int = 0


Reaction = Callable[[Fact], None]
Condition = Callable[[Mapping[str, Any]], bool]
_table: dict[tuple[str, When], list[Reaction]] = defaultdict(list)
_only: dict[Reaction, Condition] = {}
_never: dict[Reaction, frozenset[str]] = {}
_together: set[Reaction] = set()


def on(
    *codes: str, when: When = When.AFTER_COMMIT, only: Condition | None = None, never: Iterable[str] = (),
    is_lockless: bool = False,
) -> Callable[[Reaction], Reaction]:  # fmt: skip
    """Register a reaction to event codes; a code ending in `.*` hears every code with that beginning.

    With `only` it hears just the events of whose data that is true, and none whose code is in `never`, so that no
    outbox row is written for the others. One that `is_lockless` locks no row that others wait for: the relay runs many
    of them in one transaction.
    """

    def register(function: Reaction) -> Reaction:
        _never[function] = frozenset(never)
        if is_lockless:
            _together.add(function)
        if only is not None:
            _only[function] = only
        for code in codes:
            _table[code, when].append(function)
        return function

    return register


def reactions_to(code: str, when: When, data: Mapping[str, Any]) -> list[Reaction]:
    """Reactions to an event with this code and data, exact ones first, then those of its family."""
    family = code.partition(".")[0] + ".*"
    found = [*_table.get((code, when), ()), *_table.get((family, when), ()), *_table.get(("*", when), ())]
    return [each for each in found if code not in _never[each] and (each not in _only or _only[each](data))]


def is_lockless(function: Reaction) -> bool:
    """Whether many of it may run in one transaction."""
    return function in _together


def name_of(function: Reaction) -> str:
    """The dotted name under which an outbox row remembers a reaction."""
    return f"{function.__module__}.{function.__name__}"


def by_name(name: str) -> Reaction | None:
    """The after-commit reaction with that dotted name, or None when it no longer exists."""
    for (_, when), functions in _table.items():
        if when is When.AFTER_COMMIT:
            for function in functions:
                if name_of(function) == name:
                    return function
    return None


def codes_listened_to() -> set[str]:
    """Every code that some reaction names (without families)."""
    return {code for code, _ in _table if not code.endswith("*")}


def table() -> list[str]:
    """The whole table as sorted lines, for `manage.py reactions` and its snapshot test."""
    return sorted(f"{code} [{when.value}] {name_of(f)}" for (code, when), fs in _table.items() for f in fs)
