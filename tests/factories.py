"""Arrange people and the least that a test needs; everything else is arranged through commands."""

import itertools
from datetime import UTC, datetime
from typing import Any

from accounts.commands.tokens import make_token
from accounts.models import Grant, Membership, Setting, Team, User
from accounts.queries import SYSTEM, actor_for
from accounts.queries.settings import forget_settings
from journal.units import database_now
from kernel.actor import Actor

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
"""A Wednesday, 12:00 in Stockholm, inside office hours."""

_numbers = itertools.count(1)


def make_team(code: str = "", *, is_desk: bool = False) -> Team:
    """A team, named after its code in all languages."""
    code = code or f"team-{next(_numbers)}"
    return Team.objects.create(code=code, name={"en": code, "sv": code, "zh-hans": code}, is_desk=is_desk)


def make_user(*roles: str, name: str = "", team: Team | None = None, lead: bool = False, **fields: Any) -> User:
    """A person with these roles everywhere, and membership of the team."""
    number = next(_numbers)
    name = name or f"Person {number}"
    user = User.objects.create(name=name, email=fields.pop("email", f"person{number}@region.example"), **fields)
    for role in roles:
        Grant.objects.create(user=user, role=role, granted_at=NOON)
    if team is not None:
        Membership.objects.create(user=user, team=team, is_lead=lead)
    return user


def make_actor(*roles: str, team: Team | None = None, **fields: Any) -> Actor:
    """An actor for a new person with these roles."""
    return actor_for(make_user(*roles, team=team, **fields))


def no_second_factor() -> None:
    """This installation does not ask anybody for a second factor, so that tests of other rooms can sign people in."""
    Setting.objects.create(key="accounts", value={"second_factor_roles": []}, version=1, at=NOON)
    forget_settings()


def bearer(user: User, *scopes: str) -> dict[str, str]:
    """The header with which a machine of this user knocks at the API."""
    made = make_token(user, name="test", scopes=scopes, actor=SYSTEM, at=database_now())
    return {"Authorization": f"Bearer {made.text}"}
