"""A story of one incident as data: how it was opened and what people did, each at a time.

The tests tell it by commands, `itsm.demo.tale` in bulk; both leave the same rows.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from incidents.commands import IncidentOpening
from kernel.actor import Actor


@dataclass(frozen=True, slots=True)
class Act:
    """One thing that somebody does: the name of a verb of `Tale`, and what it needs."""

    verb: str
    at: datetime
    by: Actor
    facts: Mapping[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Story:
    """`opening` names team and service, so that nothing about them need be looked up.

    `fixed` is set when the desk solved it at once: cause and resolution.
    """

    at: datetime
    by: Actor
    opening: IncidentOpening
    acts: list[Act] = field(default_factory=list)
    fixed: tuple[str, str] | None = None
