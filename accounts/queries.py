"""Read people and what they may do."""

from collections import defaultdict
from collections.abc import Iterable

from accounts.models import Grant, Membership, User
from accounts.roles import CONFIDENTIAL_CLASSES, ROLES, SCOPES
from kernel.actor import Actor

SYSTEM = Actor(id=0, kind="system", name="Spindel", see_all=True)
"""The actor of sweeps and automatic acts; it holds no permissions, commands let `is_system` pass by name."""


def actor_for(user: User, *, scopes: Iterable[str] | None = None) -> Actor:
    """Everything that permission questions need, in two statements; a disabled person may do nothing."""
    if not user.is_active:
        return Actor(id=user.pk, kind=user.kind, name=user.name, scopes=frozenset())
    grants = list(Grant.objects.filter(user=user).values_list("role", "team_id"))
    teams = frozenset(Membership.objects.filter(user=user, team__retired_at=None).values_list("team_id", flat=True))
    everywhere, per_team, see_all = _bundle(grants)
    allowed = None if scopes is None else frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
    if allowed is not None:
        everywhere &= allowed
        per_team = {team: held & allowed for team, held in per_team.items()}
        see_all = see_all and "record.see_all" in allowed
    classes = frozenset(number for number, permission in CONFIDENTIAL_CLASSES.values() if permission in everywhere)
    return Actor(
        id=user.pk, kind=user.kind, name=user.name, permissions=everywhere, team_permissions=per_team, teams=teams,
        see_all=see_all, class_ids=classes, scopes=None if scopes is None else frozenset(scopes),
        language=user.language, zone=user.zone, rights_version=user.rights_version,
    )  # fmt: skip


def _bundle(grants: list[tuple[str, int | None]]) -> tuple[frozenset[str], dict[int, frozenset[str]], bool]:
    everywhere: set[str] = set()
    per_team: dict[int, set[str]] = defaultdict(set)
    see_all = False
    for code, team in grants:
        role = ROLES.get(code)
        if role is None:
            continue
        see_all = see_all or role.see_all
        if team is None:
            everywhere |= role.permissions
        else:
            per_team[team] |= role.permissions
    return frozenset(everywhere), {team: frozenset(held) for team, held in per_team.items()}, see_all
