"""People from a spreadsheet: tried out first, every difference and fault shown, then taken in row by row (X8)."""

from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db.models.functions import Lower
from django.utils.translation import gettext as _

from accounts.commands.people import save_person
from accounts.commands.teams import set_member
from accounts.models import Membership, Team, User
from accounts.policies import require
from accounts.roles import Permission
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from kernel.zones import zone_names

COLUMNS = ("email", "name", "phone", "staff_number", "unit", "location", "language", "zone", "team")
LANGUAGES = ("en", "sv", "zh-hans")
LONGEST = {"name": 120, "phone": 40, "staff_number": 40, "unit": 120, "location": 120, "zone": 40}


NumberedRow = tuple[int, Mapping[str, str]]
"""The line in the file, and the cells by the name of their column."""


@dataclass(slots=True)
class PlannedPerson:
    """What one row would do: `verdict` is add, change, same or fault."""

    line: int
    email: str
    person: User | None = None
    values: dict[str, Any] = field(default_factory=dict)
    team: Team | None = None
    faults: list[str] = field(default_factory=list)
    differences: list[tuple[str, str, str]] = field(default_factory=list)

    @property
    def verdict(self) -> str:
        """One word for the row."""
        if self.faults:
            return "fault"
        if self.person is None:
            return "add"
        return "change" if self.differences else "same"


def plan_people(rows: Sequence[NumberedRow], *, actor: Actor) -> list[PlannedPerson]:
    """What the import would do, without doing it. The e-mail says whom a row is about; empty cells change nothing."""
    require(actor, Permission.PEOPLE_EDIT)
    emails = [row.get("email", "").strip().lower() for _line, row in rows]
    known = {
        found.email.lower(): found
        for found in User.objects.exclude(kind=User.Kind.SYSTEM)
        .annotate(low=Lower("email"))
        .filter(low__in=set(emails) - {""})
        if found.email
    }
    numbers = dict(User.objects.exclude(staff_number=None).values_list("staff_number", "pk"))
    teams = {team.code: team for team in Team.objects.filter(retired_at=None)}
    member = set(Membership.objects.values_list("user_id", "team__code"))
    planned = [_plan(line, row, known, teams, numbers) for line, row in rows]
    _find_doubles(planned)
    for one in planned:
        if one.team and (one.person is None or (one.person.pk, one.team.code) not in member):
            one.differences.append(("team", "", one.team.code))
    return planned


def _find_doubles(planned: Sequence[PlannedPerson]) -> None:
    emails = Counter(one.email.lower() for one in planned if one.email)
    numbers = Counter(one.values.get("staff_number") for one in planned)
    for one in planned:
        if emails[one.email.lower()] > 1:
            one.faults.append(_("This e-mail stands in several rows. Keep one of them."))
        if one.values.get("staff_number") and numbers[one.values["staff_number"]] > 1:
            one.faults.append(_("This staff number stands in several rows. Each person has an own one."))


def _plan(
    line: int, row: Mapping[str, str], known: Mapping[str, User], teams: Mapping[str, Team], numbers: Mapping[Any, int]
) -> PlannedPerson:
    one = PlannedPerson(line, row.get("email", "").strip())
    one.person = known.get(one.email.lower())
    one.values = {name: row[name].strip() for name in COLUMNS[:-1] if row.get(name, "").strip()}
    one.faults += _faults(one, numbers)
    if code := row.get("team", "").strip():
        one.team = teams.get(code)
        if one.team is None:
            one.faults.append(_("Column team: there is no team %(code)s. Write the team's code.") % {"code": code})
    old = {name: getattr(one.person, name) or "" if one.person else "" for name in one.values}
    one.differences = [
        (name, old[name], new) for name, new in one.values.items() if name != "email" and old[name] != new
    ]
    return one


def _faults(one: PlannedPerson, numbers: Mapping[Any, int]) -> list[str]:
    faults = []
    if not _is_address(one.email):
        faults.append(_("Column email: write an address, because it says whom the row is about."))
    if one.person is None and not one.values.get("name"):
        faults.append(_("Column name: a new person needs a name."))
    for name, most in LONGEST.items():
        if len(one.values.get(name, "")) > most:
            faults.append(_("Column %(name)s: at most %(most)s characters.") % {"name": name, "most": most})
    if one.values.get("language", "en") not in LANGUAGES:
        faults.append(_("Column language: en, sv or zh-hans."))
    if one.values.get("zone", "UTC") not in zone_names():
        faults.append(_("Column zone: a name such as Europe/Stockholm."))
    holder = numbers.get(one.values.get("staff_number"))
    if holder is not None and (one.person is None or holder != one.person.pk):
        faults.append(_("Column staff_number: somebody else has this number."))
    return faults


def _is_address(text: str) -> bool:
    try:
        validate_email(text)
    except ValidationError:
        return False
    return True


@command
def import_people(rows: Sequence[NumberedRow], *, actor: Actor, at: datetime) -> list[PlannedPerson]:
    """Take the rows in, all or none: Unprocessable while any row has a fault."""
    planned = plan_people(rows, actor=actor)
    if any(one.faults for one in planned):
        raise Unprocessable(_("Some rows have faults. Nothing was imported. Mend them, then try again."))
    for one in sorted(planned, key=lambda each: each.person.pk if each.person else 0):  # rows are locked by id
        if one.verdict in ("add", "change"):
            person = save_person(one.person, one.values, actor=actor, at=at)
            if one.team:
                _join(person, one.team, actor=actor, at=at)
    return planned


def _join(person: User, team: Team, *, actor: Actor, at: datetime) -> None:
    if not Membership.objects.filter(user=person, team=team).exists():
        set_member(person, team, actor=actor, at=at)
