"""People as lists and pages need them."""

from collections import defaultdict
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.contrib.postgres.aggregates import ArrayAgg
from django.db.models import Count, F, Q, QuerySet
from django.db.models.expressions import BaseExpression, Combinable

from accounts.models import Grant, Membership, Team, Token, User, UserSession
from accounts.roles import ROLES, Role
from kernel.actor import Actor
from kernel.errors import NotFound


def badge_values(actor: Actor, expressions: Mapping[str, BaseExpression | Combinable]) -> dict[str, Any]:
    """All badges of the frame in one statement; nothing is asked when there are none."""
    if not expressions:
        return {}
    found = User.objects.filter(pk=actor.id).annotate(**expressions).values(*expressions).first()
    return dict(found or {})


def people() -> QuerySet[User]:
    """Everybody who stands for somebody: people, guests and integrations."""
    return User.objects.exclude(kind=User.Kind.SYSTEM)


def person_by_id(pk: int) -> User:
    """The person with that id; NotFound when there is none."""
    found = people().select_related("merged_into", "manager").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such person.")
    return found


@dataclass(frozen=True, slots=True)
class PersonExtras:
    """What a row of the list shows beside the person: teams and roles."""

    teams: tuple[Team, ...] = ()
    roles: tuple[Role, ...] = ()


def extras_for(user_ids: Iterable[int]) -> dict[int, PersonExtras]:
    """Teams and roles of these people: two statements, however many people."""
    ids, teams, roles = list(user_ids), defaultdict(list), defaultdict(set)
    for each in Membership.objects.filter(user__in=ids).select_related("team").order_by("team__code"):
        teams[each.user_id].append(each.team)
    for user_id, role in Grant.objects.filter(user__in=ids).values_list("user_id", "role"):
        roles[user_id].add(role)
    return {
        pk: PersonExtras(tuple(teams[pk]), tuple(role for code, role in ROLES.items() if code in roles[pk]))
        for pk in ids
    }


def memberships(user: User) -> list[Membership]:
    """The teams of a person."""
    return list(Membership.objects.filter(user=user).select_related("team").order_by("team__code"))


def grants(user: User) -> list[tuple[Grant, Role]]:
    """The roles of a person with their descriptions; roles that no longer exist are left out."""
    rows = Grant.objects.filter(user=user).select_related("team", "granted_by").order_by("role", "team__code")
    return [(row, ROLES[row.role]) for row in rows if row.role in ROLES]


def grant_of(user: User, pk: int) -> Grant:
    """One of the person's grants; NotFound when it is not there."""
    found = Grant.objects.filter(user=user, pk=pk).first()
    if found is None:
        raise NotFound("There is no such role.")
    return found


def teams() -> QuerySet[Team]:
    """All teams, those in use first."""
    return Team.objects.order_by(F("retired_at").asc(nulls_first=True), "code")


def teams_in_use() -> QuerySet[Team]:
    """Teams that somebody can join or hold a role in."""
    return Team.objects.filter(retired_at=None)


def member_counts() -> dict[int, int]:
    """Active members by team, in one statement."""
    rows = Membership.objects.filter(user__is_active=True).values_list("team").annotate(n=Count("user"))
    return dict(rows)


def team_by_code(code: str) -> Team:
    """The team with that code; NotFound when there is none."""
    found = Team.objects.filter(code=code).first()
    if found is None:
        raise NotFound("There is no such team.")
    return found


def members(team: Team) -> list[Membership]:
    """Who belongs to a team, leads first."""
    return list(Membership.objects.filter(team=team).select_related("user").order_by("-is_lead", "user__name"))


def holders() -> dict[str, list[str]]:
    """Names of the active people who hold each role, everywhere or in a team."""
    rows = Grant.objects.filter(user__is_active=True).values_list("role")
    found = rows.annotate(names=ArrayAgg("user__name", distinct=True, default=[]))
    return {role: sorted(names) for role, names in found}


def sessions_of(user: User, *, after: datetime) -> list[UserSession]:
    """Where somebody is signed in now, the latest first."""
    return list(UserSession.objects.filter(user=user, expire_date__gt=after).order_by("-seen_at"))


def tokens() -> list[Token]:
    """Tokens that are not revoked, newest first."""
    return list(Token.objects.filter(revoked_at=None).select_related("user").order_by("-created_at", "-pk"))


def machines() -> QuerySet[User]:
    """Integrations whose account is switched on, by name: whom a token may act as."""
    return User.objects.filter(kind=User.Kind.INTEGRATION, is_active=True).order_by("name")


def token_by_id(pk: int) -> Token:
    """The token with that id; NotFound when there is none."""
    found = Token.objects.select_related("user").filter(pk=pk).first()
    if found is None:
        raise NotFound("There is no such token.")
    return found


def possible_persons(text: str) -> list[User]:
    """Up to ten active people whose name, e-mail or phone has the text in it: whom a guest may be merged into."""
    words = Q(name__icontains=text) | Q(email__icontains=text) | Q(phone__icontains=text)
    return list(User.objects.filter(words, kind=User.Kind.PERSON, is_active=True).order_by("name")[:10])
