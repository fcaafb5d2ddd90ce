"""What people are able to do and when they are there, as lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import User
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import (
    Column,
    day,
    folded,
    moment,
    name_columns,
    name_values,
    names_of,
    one_of,
    row_of,
    slug,
    whole,
    words,
    yes_no,
)
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from workforce.commands.people import add_absence, change_absence, hold_competence, save_competence, set_schedule
from workforce.models import Absence, Competence, PersonCompetence, Schedule
from workforce.queries import calendars

CAPACITY = (Permission.PEOPLE_EDIT, Permission.CAPACITY_READ)


def _code(row: Any) -> str:
    return str(row.code)


def _mail(person: User) -> str:
    return person.email or ""


PERSON = Column(
    name="person", about=gettext_lazy("E-mail of the person"), is_key=True, is_needed=True, show=_mail,
    example="anna@region.example", read=row_of("person", gettext_lazy("person")),
)  # fmt: skip


def _people(rows: Sequence[Mapping[str, str]]) -> dict[str, User]:
    found = named_in(User.objects.filter(kind=User.Kind.PERSON), "email", {row.get("person", "") for row in rows})
    return {folded(each.email or ""): each for each in found}


class CompetencesSheet(Sheet):
    """What work may ask for."""

    code = "competences"
    label = gettext_lazy("Competences")
    about = gettext_lazy("What work may ask for.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ, Permission.PEOPLE_READ)
    page = "workforce:competences"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(60), example="network", is_key=True, is_needed=True),
        *name_columns(),
        Column(name="is_retired", about=gettext_lazy("No longer used: true or false"), read=yes_no, empty=False),
    )

    def all(self, actor: Actor) -> Iterable[Competence]:
        """By code."""
        del actor
        return Competence.objects.order_by("code")

    def find(self, keys: Sequence[Key]) -> QuerySet[Competence]:
        """By code."""
        return named_in(Competence.objects.all(), "code", (key[0] for key in keys))

    def values(self, found: Competence) -> Mapping[str, Any]:
        """Code and names."""
        return {"code": found.code, **name_values(found.name), "is_retired": found.retired_at is not None}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the competence's page."""
        values = merged(row, self)
        save_competence(
            row.found, code=row.found.code if row.found else values["code"], name=names_of(values),
            is_retired=values["is_retired"], actor=actor, at=at,
        )  # fmt: skip


class HeldSheet(Sheet):
    """Who is able to do what."""

    code = "competences-of-people"
    label = gettext_lazy("Competences of people")
    about = gettext_lazy("Who is able to do what, at which level, until when.")
    note = gettext_lazy("A competence is taken away on the person's page.")
    edit = Permission.PEOPLE_EDIT
    readers = CAPACITY
    page = "workforce:competences"
    plain_columns = (
        PERSON,
        Column(name="competence", about=gettext_lazy("Code of a competence"), is_key=True, is_needed=True, show=_code,
               read=row_of("competence", gettext_lazy("competence"))),
        Column(name="level", about=gettext_lazy("1 to 3"), read=whole(1, 3), is_needed=True),
        Column(name="valid_until", about=gettext_lazy("Last day; empty for good"), read=day, may_clear=True,
               empty=None),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """People who are named, competences in use."""
        del actor
        competences = {folded(each.code): each for each in Competence.objects.filter(retired_at=None)}
        return {"person": _people(rows), "competence": competences}

    def all(self, actor: Actor) -> Iterable[PersonCompetence]:
        """By person; those of retired competences are left out."""
        del actor
        return _held().order_by("user__email", "competence__code")

    def find(self, keys: Sequence[Key]) -> QuerySet[PersonCompetence]:
        """Those of the people who are named."""
        return named_in(_held(), "user__email", {key[0] for key in keys})

    def values(self, found: PersonCompetence) -> Mapping[str, Any]:
        """Level and last day."""
        return {
            "person": found.user, "competence": found.competence, "level": found.level,
            "valid_until": found.valid_until,
        }  # fmt: skip

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the person's page."""
        values = merged(row, self)
        hold_competence(
            values["person"], values["competence"], level=values["level"], valid_until=values["valid_until"],
            actor=actor, at=at,
        )  # fmt: skip


def _held() -> QuerySet[PersonCompetence]:
    rows = PersonCompetence.objects.filter(user__kind=User.Kind.PERSON, competence__retired_at=None)
    return rows.exclude(user__email=None).select_related("user", "competence")


class SchedulesSheet(Sheet):
    """When people work."""

    code = "schedules"
    label = gettext_lazy("Hours of people")
    about = gettext_lazy("Which calendar a person works by from a day on, at which share of full time.")
    edit = Permission.PEOPLE_EDIT
    readers = CAPACITY
    page = "workforce:calendars"
    plain_columns = (
        PERSON,
        Column(name="valid_from", about=gettext_lazy("First day"), read=day, is_key=True, is_needed=True),
        Column(name="calendar", about=gettext_lazy("Code of a working calendar"), is_needed=True, show=_code,
               read=row_of("calendar", gettext_lazy("calendar"))),
        Column(name="percent", about=gettext_lazy("Share of full time, 1 to 100"), read=whole(1, 100), empty=100),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """People who are named, calendars in use."""
        del actor
        return {"person": _people(rows), "calendar": {folded(each.code): each for each in calendars()}}

    def all(self, actor: Actor) -> Iterable[Schedule]:
        """By person and day."""
        del actor
        return _schedules().order_by("user__email", "valid_from")

    def find(self, keys: Sequence[Key]) -> QuerySet[Schedule]:
        """Those of the people who are named."""
        return named_in(_schedules(), "user__email", {key[0] for key in keys})

    def values(self, found: Schedule) -> Mapping[str, Any]:
        """Day, calendar, share."""
        return {
            "person": found.user, "valid_from": found.valid_from, "calendar": found.calendar, "percent": found.percent,
        }  # fmt: skip

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the person's page."""
        values = merged(row, self)
        set_schedule(
            values["person"], values["calendar"], percent=values["percent"], valid_from=values["valid_from"],
            actor=actor, at=at,
        )  # fmt: skip


def _schedules() -> QuerySet[Schedule]:
    rows = Schedule.objects.filter(user__kind=User.Kind.PERSON, calendar__retired_at=None).exclude(user__email=None)
    return rows.select_related("user", "calendar")


class AbsencesSheet(Sheet):
    """When people are away."""

    code = "absences"
    label = gettext_lazy("Absences of people")
    about = gettext_lazy("When people are away, on call or kept for something else.")
    note = gettext_lazy("Times are those of your zone unless they carry another one. An absence ends on its page.")
    edit = Permission.PEOPLE_EDIT
    readers = CAPACITY
    page = "accounts:people"
    plain_columns = (
        PERSON,
        Column(name="kind", about=gettext_lazy("away, on_call or reserved"), read=one_of(Absence.Kind.values),
               is_key=True, is_needed=True),
        Column(name="starts_at", about=gettext_lazy("First moment, such as 2026-07-01 08:00"), read=moment, is_key=True,
               is_needed=True),
        Column(name="ends_at", about=gettext_lazy("When it is over"), read=moment, is_needed=True),
        Column(name="note", about=gettext_lazy("A few words"), read=words(120), may_clear=True),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """People who are named."""
        del actor
        return {"person": _people(rows)}

    def all(self, actor: Actor) -> Iterable[Absence]:
        """By person and time."""
        del actor
        return _absences().order_by("user__email", "starts_at", "kind")

    def find(self, keys: Sequence[Key]) -> QuerySet[Absence]:
        """Those of the people who are named."""
        return named_in(_absences(), "user__email", {key[0] for key in keys})

    def values(self, found: Absence) -> Mapping[str, Any]:
        """Kind and times."""
        own = {name: getattr(found, name) for name in ("kind", "starts_at", "ends_at", "note")}
        return {"person": found.user, **own}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """It ends after it begins."""
        start, end = row.values.get("starts_at"), row.values.get("ends_at")
        return [_("Column ends_at: write a later time than starts_at.")] if start and end and end <= start else ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the person's page."""
        values = merged(row, self)
        if row.found is not None:
            change_absence(row.found, ends_at=values["ends_at"], note=values["note"], actor=actor, at=at)
            return
        add_absence(
            values["person"], kind=values["kind"], starts_at=values["starts_at"], ends_at=values["ends_at"],
            note=values["note"], actor=actor, at=at,
        )  # fmt: skip


def _absences() -> QuerySet[Absence]:
    return Absence.objects.filter(user__kind=User.Kind.PERSON).exclude(user__email=None).select_related("user")
