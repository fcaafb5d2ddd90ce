"""Teams, who belongs to them, and the roles that people hold everywhere or in one team."""

from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import events
from accounts.commands.people import (
    lock_administrators,
    locked_person,
    require_another_administrator,
    rights_changed,
)
from accounts.models import Grant, Membership, Team, User
from accounts.policies import require
from accounts.roles import ROLES, Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable

ADMINISTRATOR = "administrator"


@command
def save_team(
    team: Team | None, *, code: str, name: dict[str, str], email: str, is_desk: bool, is_retired: bool,
    actor: Actor, at: datetime,
) -> Team:  # fmt: skip
    """Add or change a team. A retired team keeps its records and members, but gives no access."""
    require(actor, Permission.PEOPLE_EDIT)
    found = Team.objects.select_for_update(no_key=True).get(pk=team.pk) if team else Team()
    _check_team(found, code, name)
    facts = {"code": code, "name": name, "email": email, "is_desk": is_desk}
    before = {each: getattr(found, each) for each in facts}
    changed = {each: value for each, value in facts.items() if before[each] != value or team is None}
    was_retired = found.retired_at is not None
    if was_retired != is_retired:
        before["retired_at"] = found.retired_at and found.retired_at.isoformat()
        found.retired_at = at if is_retired else None
        changed["retired_at"] = at.isoformat() if is_retired else None
    if not changed:
        return found
    for each in facts:
        setattr(found, each, facts[each])
    found.save(update_fields=list(changed) if team else None)
    if was_retired != is_retired:
        _rights_of_team_changed(found)
    old = {each: before[each] for each in changed} if team else {}
    journal.note(("team", found.pk), events.TEAM_CHANGED, actor=actor, at=at, before=old, after=changed)
    return found


def _check_team(team: Team, code: str, name: dict[str, str]) -> None:
    if not name.get("en"):
        text = _("Write a name in English; the other languages may follow.")
        raise Unprocessable(text, fields={"name_en": [text]})
    if Team.objects.filter(code=code).exclude(pk=team.pk).exists():
        text = _("Another team has this code. Choose another one.")
        raise Unprocessable(text, fields={"code": [text]})


def _rights_of_team_changed(team: Team) -> None:
    members = Membership.objects.filter(team=team).values_list("user_id", flat=True)
    holders = Grant.objects.filter(team=team).values_list("user_id", flat=True)
    for user_id in sorted({*members, *holders}):
        rights_changed(user_id)


@command
def set_member(person: User, team: Team, *, is_lead: bool = False, actor: Actor, at: datetime) -> None:
    """Put somebody into a team, or change whether they lead it."""
    require(actor, Permission.PEOPLE_EDIT)
    if team.retired_at is not None:
        raise Unprocessable(_("This team is no longer used. Choose another."))
    found = locked_person(person.pk)
    old = Membership.objects.filter(user=found, team=team).first()
    if old is not None and old.is_lead == is_lead:
        return
    Membership.objects.update_or_create(user=found, team=team, defaults={"is_lead": is_lead})
    _note(found, events.MEMBERSHIP_CHANGED, actor, at, team=team.pk, is_member=True, is_lead=is_lead)


@command
def drop_member(person: User, team: Team, *, actor: Actor, at: datetime) -> None:
    """Take somebody out of a team, and with it the roles that they hold in that team only."""
    require(actor, Permission.PEOPLE_EDIT)
    found = locked_person(person.pk)
    gone, _rows = Membership.objects.filter(user=found, team=team).delete()
    if gone:
        Grant.objects.filter(user=found, team=team).delete()
        _note(found, events.MEMBERSHIP_CHANGED, actor, at, team=team.pk, is_member=False)


@command
def grant_role(person: User, role: str, *, team: Team | None = None, actor: Actor, at: datetime) -> None:
    """Give a role everywhere or in one team; giving it twice changes nothing. Nobody gives roles to themselves."""
    require(actor, Permission.PEOPLE_EDIT)
    if actor.id == person.pk:
        raise Conflict(_("Ask another administrator: nobody gives roles to themselves."))
    if role not in ROLES:
        raise Unprocessable(_("Choose one of the roles of the list."), fields={"role": [_("Choose a role.")]})
    if team is not None and not ROLES[role].per_team:
        text = _("This role counts everywhere. Leave the team empty.")
        raise Unprocessable(text, fields={"team": [text]})
    found = locked_person(person.pk)
    if Grant.objects.filter(user=found, role=role, team=team).exists():
        return
    Grant.objects.create(user=found, role=role, team=team, granted_by_id=actor.id or None, granted_at=at)
    _note(found, events.ROLE_GRANTED, actor, at, role=role, team=team.pk if team else None)


@command
def take_role(grant: Grant, *, actor: Actor, at: datetime) -> None:
    """Take a role away; Conflict for the last administrator, so that nobody is locked out."""
    require(actor, Permission.PEOPLE_EDIT)
    if grant.role == ADMINISTRATOR:
        lock_administrators()
    found = locked_person(grant.user_id)
    if grant.role == ADMINISTRATOR:
        require_another_administrator(found)
    gone, _rows = Grant.objects.filter(pk=grant.pk).delete()
    if gone:
        _note(found, events.ROLE_TAKEN, actor, at, role=grant.role, team=grant.team_id)


def _note(person: User, code: str, actor: Actor, at: datetime, **data: Any) -> None:
    rights_changed(person.pk)
    journal.note(("user", person.pk), code, actor=actor, at=at, **data)
