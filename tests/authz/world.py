"""The world of one principal: own record, team's record, a foreign and a confidential one, each with its canary."""

from datetime import timedelta

from allauth.mfa.totp.internal.auth import TOTP
from django.test import Client

from accounts import commands as accounts
from accounts.models import Team, User
from accounts.queries import SYSTEM
from journal.units import database_now
from tests.authz.base import World
from tests.authz.principals import ANONYMOUS, DISABLED, ROLE_NAMES
from tests.authz.things import add_things
from tests.factories import make_team, make_user


def build(principal: str) -> World:
    """A fresh world, written in the test's transaction."""
    make_team("desk", is_desk=True)
    team, other = make_team("mine"), make_team("other")
    stranger = make_user("technician", name="Stranger", team=other)
    user = _user(principal, team)
    world = World(
        principal,
        user,
        Client(raise_request_exception=False),
        team,
        other,
        stranger,
        make_user("technician", team=team),
    )
    add_things(world)
    _sign_in(world)
    return world


def _user(principal: str, team: Team) -> User | None:
    if principal == ANONYMOUS:
        return None
    roles = (principal,) if principal in ROLE_NAMES else ("agent",) if principal == DISABLED else ROLE_NAMES
    user = make_user(*roles, name="Mine", team=team, email="mine@region.example")
    user.set_unusable_password()
    user.save()
    if {"administrator", "auditor"} & set(roles):
        TOTP.activate(user, "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP")
    return user


def _sign_in(world: World) -> None:
    if world.user is None:
        return
    if world.principal.startswith("token "):
        at = database_now()
        scope = world.principal.partition(" ")[2]
        made = accounts.make_token(
            world.user, name="t", scopes=[scope], actor=SYSTEM, at=at, expires_at=at + timedelta(days=1)
        )
        world.headers = {"Authorization": f"Bearer {made.text}"}
        return
    world.client.force_login(world.user)
    if world.principal == DISABLED:
        User.objects.filter(pk=world.user.pk).update(is_active=False, disabled_at=database_now())
