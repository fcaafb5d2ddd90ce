"""What people can do and when they are there."""

from datetime import date, datetime
from typing import Any

from django.db import IntegrityError
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command, savepoint
from kernel.actor import Actor
from kernel.errors import Unprocessable
from workforce import events
from workforce.models import Absence, Calendar, Competence, PersonCompetence, Schedule


@command
def save_competence(
    competence: Competence | None, *, code: str, name: dict[str, str], is_retired: bool, actor: Actor, at: datetime
) -> Competence:
    """Add or change a competence; a retired one matches nobody and is offered no more."""
    require(actor, Permission.SETTINGS_EDIT)
    competence = competence or Competence()
    competence.code, competence.name = code, name
    competence.retired_at = (competence.retired_at or at) if is_retired else None
    competence.save()
    journal.note(("competence", competence.pk), events.COMPETENCE_SAVED, actor=actor, at=at, code=code)
    return competence


@command
def hold_competence(
    user: User, competence: Competence, *, level: int, valid_until: date | None, actor: Actor, at: datetime
) -> PersonCompetence:
    """The person holds the competence at level 1-3, until a date or for good; replaces what was noted before."""
    require(actor, Permission.PEOPLE_EDIT)
    if level not in (1, 2, 3):
        raise Unprocessable(_("A level is 1, 2 or 3."))
    held, _is_new = PersonCompetence.objects.update_or_create(
        user=user, competence=competence, defaults={"level": level, "valid_until": valid_until}
    )
    _tell(user, actor, at, competence=competence.code, level=level, valid_until=valid_until)
    return held


@command
def drop_competence(held: PersonCompetence, *, actor: Actor, at: datetime) -> None:
    """The person does not hold it any more."""
    require(actor, Permission.PEOPLE_EDIT)
    held.delete()
    _tell(held.user, actor, at, competence=held.competence.code, level=0)


@command
def set_schedule(
    user: User, calendar: Calendar, *, percent: int, valid_from: date, actor: Actor, at: datetime
) -> Schedule:
    """From that day on the person works these hours at this share of full time (1-100 percent)."""
    require(actor, Permission.PEOPLE_EDIT)
    if not 1 <= percent <= 100:
        raise Unprocessable(_("The share is between 1 and 100 percent."))
    schedule, _is_new = Schedule.objects.update_or_create(
        user=user, valid_from=valid_from, defaults={"calendar": calendar, "percent": percent}
    )
    _tell(user, actor, at, calendar=calendar.code, percent=percent, valid_from=valid_from)
    return schedule


@command
def add_absence(
    user: User, *, kind: str, starts_at: datetime, ends_at: datetime, note: str = "", actor: Actor, at: datetime
) -> Absence:
    """Time that is not free for queue work. People note their own; others' need people.edit."""
    if actor.id != user.pk:
        require(actor, Permission.PEOPLE_EDIT)
    if ends_at <= starts_at:
        raise Unprocessable(_("The end must be after the beginning."), fields={"ends_at": [_("Give a later time.")]})
    try:
        with savepoint():
            absence = Absence.objects.create(user=user, kind=kind, starts_at=starts_at, ends_at=ends_at, note=note)
    except IntegrityError as error:
        raise Unprocessable(_("The person has such a time noted already that overlaps this one.")) from error
    _tell(user, actor, at, kind=kind, starts_at=starts_at, ends_at=ends_at)
    return absence


@command
def change_absence(absence: Absence, *, ends_at: datetime, note: str, actor: Actor, at: datetime) -> Absence:
    """It ends at another time, or is called something else. Refused as a new one would be."""
    if actor.id != absence.user_id:
        require(actor, Permission.PEOPLE_EDIT)
    if ends_at <= absence.starts_at:
        raise Unprocessable(_("The end must be after the beginning."), fields={"ends_at": [_("Give a later time.")]})
    absence.ends_at, absence.note = ends_at, note
    try:
        with savepoint():
            absence.save(update_fields=["ends_at", "note"])
    except IntegrityError as error:
        raise Unprocessable(_("The person has such a time noted already that overlaps this one.")) from error
    _tell(absence.user, actor, at, kind=absence.kind, starts_at=absence.starts_at, ends_at=ends_at)
    return absence


@command
def drop_absence(absence: Absence, *, actor: Actor, at: datetime) -> None:
    """It was noted wrongly, or the person is back."""
    if actor.id != absence.user_id:
        require(actor, Permission.PEOPLE_EDIT)
    user = absence.user
    absence.delete()
    _tell(user, actor, at, kind=absence.kind, starts_at=absence.starts_at, ends_at=None)


def _tell(user: User, actor: Actor, at: datetime, **facts: Any) -> None:
    journal.note(("user", user.pk), events.PERSON_CHANGED, actor=actor, at=at, **facts)
