"""Keep people, their teams and roles, and one's own profile."""

from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import events
from accounts.commands.search import reindex
from accounts.models import Grant, Membership, Team, User
from accounts.policies import require
from accounts.roles import ROLES, Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable

FACTS = ("name", "email", "phone", "staff_number", "unit", "location", "language", "zone", "is_vip")
OWN = ("language", "zone", "theme", "density", "keys", "quiet_hours")


@command
def save_person(user: User | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> User:
    """Add or change a person. Unprocessable when e-mail or staff number is somebody else's already."""
    require(actor, Permission.PEOPLE_EDIT)
    is_new, user = user is None, user or User()
    for name in FACTS:
        if name in values:
            setattr(user, name, values[name])
    user.email, user.staff_number = (user.email or "").strip() or None, (user.staff_number or "").strip() or None
    _check_unique(user)
    if is_new:
        user.set_unusable_password()
    user.save()
    reindex(user)
    code = events.PERSON_ADDED if is_new else events.PERSON_CHANGED
    journal.note(("user", user.pk), code, actor=actor, at=at, name=user.name)
    return user


def _check_unique(user: User) -> None:
    others, fields = User.objects.exclude(pk=user.pk), {}
    if user.email and others.filter(email__iexact=user.email).exists():
        fields["email"] = [_("Somebody else has this e-mail address.")]
    if user.staff_number and others.filter(staff_number=user.staff_number).exists():
        fields["staff_number"] = [_("Somebody else has this staff number.")]
    if fields:
        raise Unprocessable(_("These belong to somebody else. Look the person up first."), fields=fields)


@command
def set_teams(user: User, teams: Iterable[Team], *, actor: Actor, at: datetime) -> None:
    """The person belongs to exactly these teams from now on."""
    require(actor, Permission.PEOPLE_EDIT)
    wanted = {team.pk for team in teams}
    now = set(Membership.objects.filter(user=user).values_list("team_id", flat=True))
    if wanted == now:
        return
    Membership.objects.filter(user=user, team__in=now - wanted).delete()
    Membership.objects.bulk_create([Membership(user=user, team_id=team) for team in wanted - now])
    _rights_changed(user)
    journal.note(
        ("user", user.pk), events.MEMBERSHIP_CHANGED, actor=actor, at=at, before=sorted(now), after=sorted(wanted)
    )


@command
def grant_role(user: User, role: str, *, team: Team | None, actor: Actor, at: datetime) -> None:
    """Give a role everywhere or in one team. Nobody gives roles to themselves."""
    require(actor, Permission.PEOPLE_EDIT)
    if actor.id == user.pk:
        raise Conflict(_("Ask another administrator: nobody gives roles to themselves."))
    if role not in ROLES or (team is not None and not ROLES[role].per_team):
        raise Unprocessable(_("This role cannot be given in one team. Give it everywhere, or choose another."))
    Grant.objects.get_or_create(
        user=user, role=role, team=team, defaults={"granted_by_id": actor.id or None, "granted_at": at}
    )
    _rights_changed(user)
    journal.note(("user", user.pk), events.ROLE_GRANTED, actor=actor, at=at, role=role, team=team.code if team else "")


@command
def take_role(grant: Grant, *, actor: Actor, at: datetime) -> None:
    """Take a role away."""
    require(actor, Permission.PEOPLE_EDIT)
    user, role = grant.user, grant.role
    grant.delete()
    _rights_changed(user)
    journal.note(("user", user.pk), events.ROLE_TAKEN, actor=actor, at=at, role=role)


def _rights_changed(user: User) -> None:
    user.rights_version += 1
    user.save(update_fields=["rights_version"])


@command
def set_active(user: User, *, is_active: bool, actor: Actor, at: datetime) -> None:
    """Switch an account off, which ends its sessions and tokens at once, or on again. Not one's own."""
    require(actor, Permission.PEOPLE_EDIT)
    if actor.id == user.pk:
        raise Conflict(_("Ask another administrator to switch off your own account."))
    user.is_active, user.disabled_at = is_active, None if is_active else at
    user.save(update_fields=["is_active", "disabled_at"])
    journal.note(("user", user.pk), events.ENABLED if is_active else events.DISABLED, actor=actor, at=at)


@command
def change_profile(user: User, values: dict[str, Any], *, actor: Actor, at: datetime) -> None:
    """Language, zone, looks, keys and quiet hours, by the person alone."""
    if actor.id != user.pk:
        require(actor, Permission.PEOPLE_EDIT)
    for name in OWN:
        if name in values:
            setattr(user, name, values[name])
    user.save(update_fields=list(OWN))


@command
def save_team(team: Team | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> Team:
    """Add or change a team; a retired one owns nothing new."""
    require(actor, Permission.PEOPLE_EDIT)
    team = team or Team()
    for name in ("code", "name", "email", "is_desk"):
        setattr(team, name, values[name])
    team.retired_at = (team.retired_at or at) if values["is_retired"] else None
    team.save()
    journal.note(("team", team.pk), events.TEAM_CHANGED, actor=actor, at=at, team=team.code)
    return team
