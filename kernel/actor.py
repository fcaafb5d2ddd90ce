"""Who acts: a frozen value that a door makes once and every command, policy and query reads."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace


@dataclass(frozen=True, slots=True)
class Actor:
    """A person, integration or the system itself, with everything that permission questions need.

    `permissions` hold everywhere, `team_permissions` only in that team. `scopes` is None for a person signed
    in, else the token's: a permission counts only when a scope covers it. `see_all` skips audience filters, but not
    those of confidential records: `class_ids` are the confidential classes that the actor may open.
    """

    id: int
    kind: str
    name: str
    permissions: frozenset[str] = frozenset()
    team_permissions: Mapping[int, frozenset[str]] = field(default_factory=dict)
    teams: frozenset[int] = frozenset()
    see_all: bool = False
    class_ids: frozenset[int] = frozenset()
    scopes: frozenset[str] | None = None
    language: str = "en"
    zone: str = "Europe/Stockholm"
    rights_version: int = 0

    def may(self, permission: str, team: int | None = None) -> bool:
        """Whether the actor holds the permission everywhere, or in that team."""
        if permission in self.permissions:
            return True
        return team is not None and permission in self.team_permissions.get(team, frozenset())

    def may_somewhere(self, permission: str) -> bool:
        """Whether the actor holds the permission everywhere or in any team."""
        return permission in self.permissions or any(permission in held for held in self.team_permissions.values())

    def with_permissions(self, *permissions: str) -> "Actor":
        """The same actor with more permissions, for the length of one command that answers for them."""
        return replace(self, permissions=self.permissions | set(permissions))

    @property
    def is_system(self) -> bool:
        """Whether no person stands behind this act (automatic closing, sweeps)."""
        return self.kind == "system"

    @property
    def audience(self) -> list[int]:
        """The ids that a Record.audience must contain one of: teams as they are, the person negated, open classes."""
        return sorted({-self.id, *self.teams, *self.class_ids})
