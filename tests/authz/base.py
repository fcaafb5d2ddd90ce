"""What a world is: who asks, and what stands in it."""

from dataclasses import dataclass, field
from typing import Any

from django.test import Client

from accounts.models import Team, User
from records.models import Record

OTHER, SECRET = "KANARIEOTHER", "KANARIESECRET"
OWN, TEAM, FOREIGN, CONFIDENTIAL, NONEXISTENT = "own", "team", "other team", "confidential", "nonexistent"
RECORD_RELATIONS = (OWN, TEAM, FOREIGN, CONFIDENTIAL, NONEXISTENT)
THING_RELATIONS = ("exists", NONEXISTENT)
NO_OBJECT = ("",)


@dataclass
class World:
    """Everything that routes may be asked about, and the client that asks."""

    principal: str
    user: User | None
    client: Client
    team: Team
    other_team: Team
    stranger: User
    colleague: User
    records: dict[str, Record] = field(default_factory=dict)
    things: dict[str, Any] = field(default_factory=dict)
    headers: dict[str, str] = field(default_factory=dict)
    written: dict[str, int] = field(default_factory=dict)
