"""People and teams as lists."""

from collections import defaultdict
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.db.models.functions import Lower
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.commands.people import disable_person, enable_person, save_person
from accounts.commands.teams import save_team, set_member
from accounts.models import Membership, Team, User
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import (
    Column,
    Given,
    folded,
    name_columns,
    name_values,
    names_of,
    one_of,
    rows_of,
    slug,
    words,
    yes_no,
)
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from kernel.zones import zone_names

LANGUAGES = ("en", "sv", "zh-hans")
FACTS = ("email", "name", "phone", "staff_number", "unit", "location", "language", "zone", "is_vip")


def _zone(text: str, given: Given) -> str:
    del given
    if text not in zone_names():
        raise ValueError(_("write a name such as Europe/Stockholm."))
    return text


@dataclass(frozen=True, slots=True)
class _Person:
    """A person with the teams."""

    user: User
    teams: tuple[Team, ...] = ()


def _codes(teams: Iterable[Team]) -> str:
    return ", ".join(sorted(team.code for team in teams))


class PeopleSheet(Sheet):
    """Everybody who has an e-mail address."""

    code = "people"
    label = gettext_lazy("People")
    about = gettext_lazy("Everybody with an e-mail address, their teams and whether the account is switched on.")
    note = gettext_lazy(
        "The e-mail says whom a row is about. Teams are joined, never left; roles are given on the person's page."
    )
    edit = Permission.PEOPLE_EDIT
    readers = (Permission.PEOPLE_READ, Permission.PEOPLE_EDIT)
    page = "accounts:people"
    plain_columns = (
        Column(name="email", about=gettext_lazy("E-mail"), read=words(254), example="anna@region.example", is_key=True,
               is_needed=True),
        Column(name="name", about=gettext_lazy("Name"), read=words(120), example="Anna Ek", is_needed=True),
        Column(name="phone", about=gettext_lazy("Phone"), read=words(40), may_clear=True),
        Column(name="staff_number", about=gettext_lazy("Staff number; each person has an own one"), read=words(40),
               may_clear=True),
        Column(name="unit", about=gettext_lazy("Unit"), read=words(120), may_clear=True),
        Column(name="location", about=gettext_lazy("Place"), read=words(120), may_clear=True),
        Column(name="language", about=gettext_lazy("en, sv or zh-hans"), read=one_of(LANGUAGES), empty="en"),
        Column(name="zone", about=gettext_lazy("Time zone"), read=_zone, empty="Europe/Stockholm"),
        Column(name="is_vip", about=gettext_lazy("Marked as important: true or false"), read=yes_no, empty=False),
        Column(name="is_active", about=gettext_lazy("Account switched on: true or false"), read=yes_no, empty=True),
        Column(name="teams", about=gettext_lazy("Codes of teams, with spaces or commas between"), aliases=("team",),
               read=rows_of("teams", gettext_lazy("team")), show=_codes, empty=()),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Teams in use by code."""
        del rows, actor
        return {"teams": {folded(team.code): team for team in Team.objects.filter(retired_at=None)}}

    def all(self, actor: Actor) -> Iterable[_Person]:
        """By e-mail."""
        del actor
        return self._with_teams(_addressed().order_by(Lower("email"), "pk"))

    def find(self, keys: Sequence[Key]) -> Iterable[_Person]:
        """By e-mail; capitals do not count."""
        return self._with_teams(named_in(_addressed(), "email", (key[0] for key in keys)))

    def _with_teams(self, users: QuerySet[User]) -> list[_Person]:
        found, teams = list(users), defaultdict(list)
        members = Membership.objects.select_related("team").order_by("team__code")
        narrow = members.filter(user__in=[user.pk for user in found]) if len(found) < 10 else members
        for each in narrow:
            teams[each.user_id].append(each.team)
        return [_Person(user, tuple(teams[user.pk])) for user in found]

    def values(self, found: _Person) -> Mapping[str, Any]:
        """The facts, the switch, the teams."""
        facts = {name: getattr(found.user, name) or "" for name in FACTS if name != "is_vip"}
        return {**facts, "is_vip": found.user.is_vip, "is_active": found.user.is_active, "teams": found.teams}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """Teams are added to those that stand there."""
        if row.found is not None and "teams" in row.values:
            both = {team.pk: team for team in (*row.found.teams, *row.values["teams"])}
            row.values["teams"] = tuple(both.values())
        return ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """The person, then the teams, then the switch."""
        user = row.found.user if row.found else None
        values = {name: value for name, value in row.values.items() if name in FACTS}
        if user is not None:
            values.pop("email")
        saved = save_person(user, values, actor=actor, at=at)
        held = {team.pk for team in row.found.teams} if row.found else set()
        for team in row.values.get("teams", ()):
            if team.pk not in held:
                set_member(saved, team, actor=actor, at=at)
        wanted = row.values.get("is_active", saved.is_active)
        if wanted != saved.is_active:
            (enable_person if wanted else disable_person)(saved, actor=actor, at=at)


def _addressed() -> QuerySet[User]:
    return User.objects.exclude(kind=User.Kind.SYSTEM).exclude(email=None).exclude(email="")


class TeamsSheet(Sheet):
    """Teams."""

    code = "teams"
    label = gettext_lazy("Teams")
    about = gettext_lazy("Groups that own components and work.")
    edit = Permission.PEOPLE_EDIT
    readers = (Permission.PEOPLE_READ, Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
    page = "accounts:teams"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(40), example="network", is_key=True, is_needed=True),
        *name_columns(),
        Column(name="email", about=gettext_lazy("E-mail"), read=words(254), may_clear=True),
        Column(name="is_desk", about=gettext_lazy("Answers calls: true or false"), read=yes_no, empty=False),
        Column(name="is_retired", about=gettext_lazy("No longer used: true or false"), read=yes_no, empty=False),
    )  # fmt: skip

    def all(self, actor: Actor) -> Iterable[Team]:
        """By code."""
        del actor
        return Team.objects.order_by("code")

    def find(self, keys: Sequence[Key]) -> Iterable[Team]:
        """By code."""
        return named_in(Team.objects.all(), "code", (key[0] for key in keys))

    def values(self, found: Team) -> Mapping[str, Any]:
        """The facts of the team's page."""
        own = {"code": found.code, "email": found.email, "is_desk": found.is_desk}
        return own | name_values(found.name) | {"is_retired": found.retired_at is not None}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the team's page."""
        values = merged(row, self)
        save_team(
            row.found, code=row.found.code if row.found else values["code"], name=names_of(values),
            email=values["email"], is_desk=values["is_desk"], is_retired=values["is_retired"], actor=actor, at=at,
        )  # fmt: skip
