"""What the demo has built so far, and the texts that it is built from."""

import tomllib
from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from pathlib import Path
from random import Random
from typing import Any

from accounts.models import Team, User
from records.models import Category
from registry.models import Component, ComponentType, Location, Service
from workforce.models import Calendar, Competence

DATA = Path(__file__).parent / "data"
LANGUAGES = ("sv", "en", "zh-hans")
SEED = 2018
"""The year of the annual report that the region is modelled on."""

Texts = Mapping[str, Any]


def texts(name: str) -> Texts:
    """A file of texts, by its name."""
    return tomllib.loads((DATA / f"{name}.toml").read_text(encoding="utf-8"))


@dataclass
class World:
    """Handles on everything built, by code. `at` is now; everything random comes from `chance`."""

    at: datetime
    chance: Random = field(default_factory=lambda: Random(SEED))  # noqa: S311  # the same demo every time
    region: Texts = field(default_factory=lambda: texts("region"))
    calendars: dict[str, Calendar] = field(default_factory=dict)
    teams: dict[str, Team] = field(default_factory=dict)
    staff: dict[str, list[User]] = field(default_factory=dict)
    roles: dict[str, User] = field(default_factory=dict)
    requesters: list[User] = field(default_factory=list)
    competences: dict[str, Competence] = field(default_factory=dict)
    wards: list[Location] = field(default_factory=list)
    types: dict[str, ComponentType] = field(default_factory=dict)
    components: dict[str, list[Component]] = field(default_factory=dict)
    services: dict[str, Service] = field(default_factory=dict)
    categories: dict[str, Category] = field(default_factory=dict)

    def needs(self, entries: Iterable[str]) -> list[tuple[Competence, int]]:
        """`["network:2"]` as competence and level."""
        pairs = [entry.split(":") for entry in entries]
        return [(self.competences[code], int(level)) for code, level in pairs]
