"""Who somebody is and what they may do, in one statement where a door asks for it."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from functools import cache
from typing import Any

from allauth.mfa.models import Authenticator
from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Exists, OuterRef, Q, QuerySet, Subquery
from django.db.models.functions import JSONObject, Now

from accounts.models import Grant, Membership, SavedView, Setting, Token, User
from accounts.roles import CONFIDENTIAL_CLASSES, ROLES, SCOPES
from kernel.actor import Actor

SYSTEM = Actor(id=0, kind="system", name="Spindel", see_all=True)
"""The actor of sweeps and automatic acts. It holds no permissions: `policies` let it pass by its kind."""

Pairs = list[tuple[str, int | None]]

IN_USE = Q(team=None) | Q(team__retired_at=None)
"""Grants that count: a role in a retired team gives nothing."""

LOADED = ("loaded_grants", "loaded_teams", "has_second_factor", "loaded_settings_version", "loaded_first_views")


def people_with_rights() -> QuerySet[User]:
    """Users with what `actor_for` needs, their second factor, first views of lists, and the settings' version."""
    return _people().all()


@cache
def _people() -> QuerySet[User]:
    """Every request begins with it, so it is put together once; each caller gets its own copy, unread."""
    return User.objects.annotate(**_rights("pk"))


@cache
def _tokens() -> QuerySet[Token]:
    return Token.objects.select_related("user").annotate(asked_at=Now(), **_rights("user_id"))


def token_with_rights(prefix: str) -> tuple[Token, datetime] | None:
    """The token with that prefix, its user with rights, and the database's time: one statement."""
    token = _tokens().filter(prefix=prefix).first()
    if token is None:
        return None
    for name in LOADED:
        setattr(token.user, name, getattr(token, name))
    asked_at: datetime = vars(token)["asked_at"]
    return token, asked_at


def _rights(user: str) -> dict[str, Any]:
    held = Grant.objects.filter(IN_USE, user=OuterRef(user)).order_by("pk")
    grants = held.values(each=JSONObject(role="role", team="team"))
    teams = Membership.objects.filter(user=OuterRef(user), team__retired_at=None).order_by("team_id").values("team_id")
    factor = Authenticator.objects.filter(user=OuterRef(user), type=Authenticator.Type.TOTP)
    newest = Setting.objects.order_by("-pk").values("pk")[:1]
    first = SavedView.objects.filter(owner=OuterRef(user), is_default=True).values(
        each=JSONObject(list_key="list_key", query="query")
    )
    values = (
        ArraySubquery(grants), ArraySubquery(teams), Exists(factor), Subquery(newest), ArraySubquery(first),
    )  # fmt: skip
    return dict(zip(LOADED, values, strict=True))


def actor_for(user: User, *, scopes: Iterable[str] | None = None) -> Actor:
    """Everything that permission questions need: no statement for a user of `people_with_rights`, else two.

    A disabled person may do nothing. `scopes` are a token's: a permission counts only when one of them covers it.
    """
    kind = user.kind if user.kind != User.Kind.SYSTEM else User.Kind.INTEGRATION.value  # only SYSTEM is the system
    if not user.is_active:
        return Actor(id=user.pk, kind=kind, name=user.name, scopes=frozenset())
    everywhere, per_team, see_all = _bundle(_grants(user))
    allowed = None if scopes is None else frozenset().union(*(SCOPES.get(scope, frozenset()) for scope in scopes))
    if allowed is not None:
        everywhere &= allowed
        per_team = {team: held & allowed for team, held in per_team.items()}
        see_all = see_all and "record.see_all" in allowed
    classes = frozenset(number for number, permission in CONFIDENTIAL_CLASSES.values() if permission in everywhere)
    return Actor(
        id=user.pk, kind=kind, name=user.name, permissions=everywhere, team_permissions=per_team, teams=_teams(user),
        see_all=see_all, class_ids=classes, scopes=None if scopes is None else frozenset(scopes),
        language=user.language, zone=user.zone, rights_version=user.rights_version,
    )  # fmt: skip


def _grants(user: User) -> Pairs:
    loaded: list[dict[str, Any]] | None = getattr(user, "loaded_grants", None)
    if loaded is None:
        return list(Grant.objects.filter(IN_USE, user=user).order_by("pk").values_list("role", "team_id"))
    return [(each["role"], each["team"]) for each in loaded]


def _teams(user: User) -> frozenset[int]:
    loaded: list[int] | None = getattr(user, "loaded_teams", None)
    if loaded is None:
        return frozenset(Membership.objects.filter(user=user, team__retired_at=None).values_list("team_id", flat=True))
    return frozenset(loaded)


def roles_of(user: User) -> Pairs:
    """The roles that the person holds, each with its team or None for everywhere."""
    return _grants(user)


def _bundle(grants: Pairs) -> tuple[frozenset[str], dict[int, frozenset[str]], bool]:
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
