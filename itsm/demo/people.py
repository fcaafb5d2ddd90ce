"""Teams, staff, requesters, roles, competences; one well-known person for each role."""

from collections.abc import Iterator
from datetime import timedelta
from itertools import product
from typing import NamedTuple

from django.contrib.auth.hashers import make_password

from accounts.models import Grant, Membership, Team, User
from itsm.demo.world import World
from workforce.models import Competence, PersonCompetence

PASSWORD = "spider-in-the-web"  # noqa: S105  # printed at every start; the demo's people do not exist
DOMAIN = "region.example"
REQUESTERS = 240


class Login(NamedTuple):
    """A person that the start-up message names: role, address, name, language, and the team (empty: none)."""

    role: str
    address: str
    name: str
    language: str
    team: str


class Names(NamedTuple):
    """Names that nobody has yet; Chinese ones with their Latin form."""

    swedish: Iterator[str]
    english: Iterator[str]
    chinese: Iterator[list[str]]


LOGINS = (
    Login("requester", "requester", "Astrid Lindqvist", "sv", ""),
    Login("agent", "agent", "Elsa Nyström", "sv", "desk"),
    Login("technician", "technician", "Omar Haddad", "en", "servers"),
    Login("technician", "yunwei", "陈伟", "zh-hans", "yunwei"),
    Login("coordinator", "coordinator", "Kerstin Åberg", "sv", ""),
    Login("manager", "manager", "Björn Ekström", "sv", ""),
    Login("auditor", "auditor", "Ruth Sandell", "en", ""),
    Login("administrator", "administrator", "Sven Hallberg", "en", ""),
    Login("security_officer", "security", "Nadia Rahimi", "en", ""),
)
ROLES_PER_TEAM = {"desk": "agent"}
"""What the members of a team are, everywhere; technicians are so in their own team."""


def build_people(world: World) -> None:
    """Everybody who works in the region and everybody who calls."""
    _build_teams(world)
    names = _names(world)
    password = make_password(PASSWORD)
    for spec in world.region["teams"]:
        logins = [login for login in LOGINS if login.team == spec["code"]]
        people = [_login(login, password) for login in logins]
        while len(people) < spec["people"]:
            people.insert(0, _colleague(world, spec["code"], names, password))
        world.staff[spec["code"]] = people
    others = [_login(login, password) for login in LOGINS if not login.team]
    deputy = _person("Johanna Wirén", "johanna.wiren", "sv", password, unit="Koordinering")
    callers = [_caller(world, next(names.swedish), password) for _number in range(REQUESTERS)]
    machine = User(name="Alertmanager", kind=User.Kind.INTEGRATION)
    machine.set_unusable_password()
    everybody = [*(each for team in world.staff.values() for each in team), *others, deputy, *callers, machine]
    for number, person in enumerate(everybody):
        person.staff_number = f"{40_000 + number}" if person.kind == User.Kind.PERSON else None
        person.phone = f"010-55 {number // 100:02} {number % 100:02}" if person.kind == User.Kind.PERSON else ""
    User.objects.bulk_create(everybody)
    User.objects.filter(pk__in=[each.pk for each in everybody]).update(created_at=world.at - timedelta(days=400))
    world.requesters = [next(each for each in others if each.name == LOGINS[0].name), *callers]
    world.roles = {login.address: _find(everybody, login) for login in LOGINS}
    world.roles |= {"deputy": deputy, "integration": machine}
    _manage(world)
    _grant(world)
    _join(world)
    _teach(world)


def _build_teams(world: World) -> None:
    rows = [
        Team(code=spec["code"], name=spec["name"], is_desk=spec.get("is_desk", False),
             email=f"{spec['code']}@{DOMAIN}")
        for spec in world.region["teams"]
    ]  # fmt: skip
    world.teams = {team.code: team for team in Team.objects.bulk_create(rows)}


def _names(world: World) -> Names:
    names = world.region["names"]
    pairs = [f"{first} {last}" for first, last in product(names["first"], names["last"])]
    world.chance.shuffle(pairs)
    return Names(iter(pairs), iter(names["english"]), iter(names["chinese"]))


def _login(login: Login, password: str) -> User:
    place = "杭州" if login.team == "yunwei" else "Regionhuset"
    zone = "Asia/Shanghai" if login.team == "yunwei" else "Europe/Stockholm"
    return _person(login.name, login.address, login.language, password, unit=login.team, location=place, zone=zone)


def _colleague(world: World, team: str, names: Names, password: str) -> User:
    if team == "yunwei":
        name, latin = next(names.chinese)
        address = latin.lower().replace(" ", ".")
        return _person(name, address, "zh-hans", password, unit=team, location="杭州", zone="Asia/Shanghai")
    english = next(names.english, "") if world.chance.random() < 0.12 else ""
    name = english or next(names.swedish)
    return _person(name, _address(name), "en" if english else "sv", password, unit=team, location="Regionhuset")


def _caller(world: World, name: str, password: str) -> User:
    site = world.chance.choices(world.region["sites"][:5], weights=(10, 5, 2, 1, 3))[0]
    ward = world.chance.choice(site["wards"])
    language = "en" if world.chance.random() < 0.08 else "sv"
    person = _person(name, _address(name), language, password, unit=ward, location=site["name"])
    person.is_vip = world.chance.random() < 0.03
    return person


def _person(
    name: str, address: str, language: str, password: str, *, unit: str = "", location: str = "",
    zone: str = "Europe/Stockholm",
) -> User:  # fmt: skip
    return User(
        name=name, email=f"{address}@{DOMAIN}", language=language, password=password, unit=unit, location=location,
        zone=zone,
    )  # fmt: skip


def _address(name: str) -> str:
    plain = str.maketrans({"å": "a", "ä": "a", "ö": "o", " ": "."})
    return name.lower().translate(plain)


def _find(people: list[User], login: Login) -> User:
    return next(each for each in people if each.email == f"{login.address}@{DOMAIN}")


def _manage(world: World) -> None:
    """Every caller has a line manager, and every member the lead of the team."""
    boss = world.roles["manager"]
    for people in world.staff.values():
        for person in people[1:]:
            person.manager = people[0]
        people[0].manager = boss
    heads = world.requesters[1::20]
    for number, person in enumerate(world.requesters):
        person.manager = heads[number % len(heads)] if person not in heads else None
    staff = [person for people in world.staff.values() for person in people]
    User.objects.bulk_update([*staff, *world.requesters], ["manager"])


def _grant(world: World) -> None:
    given: list[tuple[User, str, Team | None]] = [(person, "requester", None) for person in world.requesters]
    for code, people in world.staff.items():
        for person in people:
            role = ROLES_PER_TEAM.get(code, "technician")
            given.append((person, role, None if role == "agent" else world.teams[code]))
        given.append((people[0], "coordinator", world.teams[code]))
    given += [(world.roles[login.address], login.role, None) for login in LOGINS if not login.team]
    given += [(world.roles["deputy"], "coordinator", None), (world.roles["integration"], "integration", None)]
    unique = dict.fromkeys((person.pk, role, team.pk if team else None) for person, role, team in given)
    Grant.objects.bulk_create(
        [
            Grant(user_id=person, role=role, team_id=team, granted_by=world.roles["administrator"], granted_at=world.at)
            for person, role, team in unique
        ]
    )


def _join(world: World) -> None:
    Membership.objects.bulk_create(
        [
            Membership(user=person, team=world.teams[code], is_lead=number == 0)
            for code, people in world.staff.items()
            for number, person in enumerate(people)
        ]
    )


def _teach(world: World) -> None:
    """What the teams are able to do, spread over their members: the lead and the well-known person hold all of it."""
    names = world.region["competences"]
    rows = Competence.objects.bulk_create([Competence(code=code, name=name) for code, name in names.items()])
    world.competences = {row.code: row for row in rows}
    held: list[PersonCompetence] = []
    known = {person.pk for person in world.roles.values()}
    for spec in world.region["teams"]:
        for number, person in enumerate(world.staff[spec["code"]]):
            for competence, most in world.needs(spec["competences"]):
                level = _level(world, most, is_full=number == 0 or person.pk in known)
                if level:
                    held.append(PersonCompetence(user=person, competence=competence, level=level))
    expiring = held[:: len(held) // 6]
    for number, row in enumerate(expiring):
        row.valid_until = (world.at + timedelta(days=30 * number - 20)).date()
    PersonCompetence.objects.bulk_create(held)


def _level(world: World, most: int, *, is_full: bool) -> int:
    if is_full:
        return most
    return min(most, world.chance.choices((0, 1, 2, 3), weights=(12, 25, 40, 23))[0])
