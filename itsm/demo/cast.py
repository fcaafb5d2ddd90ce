"""Who plays in the stories: actors by role, and who of a team is able to do what."""

from collections.abc import Iterable
from datetime import datetime
from random import Random

from accounts.models import Team, User
from accounts.queries import SYSTEM
from itsm.demo.known import Known
from itsm.demo.world import World
from kernel.actor import Actor
from kernel.calendars import WorkingCalendar
from records.models import Record
from registry.models import Service
from workforce.queries import needs_held, working_calendar

PLACES = 3
"""Work in progress that one person may have."""


class Cast:
    """People of a world as actors."""

    def __init__(self, world: World, known: Known) -> None:
        self.world, self.known, self.system = world, known, SYSTEM
        self.machine = known.actors[world.roles["integration"].pk]
        self.hangzhou = world.staff["yunwei"]
        self.callers = {language: [p for p in world.requesters if p.language == language] for language in ("sv", "en")}
        staff = [person for team in world.staff.values() for person in team]
        self.held = {person.pk: set(needs_held(person.pk, world.at)) for person in staff}
        self.hours = {team: working_calendar(world.calendars[self._calendar(team)].pk) for team in world.teams}
        self.busy = {world.roles[role].pk: PLACES for role in ("technician", "yunwei")}  # so that "pick next" picks

    def _calendar(self, team: str) -> str:
        found: str = next(spec["hours"] for spec in self.world.region["teams"] if spec["code"] == team)
        return found

    def actor(self, person: User) -> Actor:
        """The person as an actor."""
        return self.known.actors[person.pk]

    def agent(self, chance: Random) -> Actor:
        """Somebody of the desk."""
        return self.actor(chance.choice(self.world.staff["desk"]))

    def able(self, team: Team, needs: Iterable[int]) -> list[User]:
        """Members of the team who can do it."""
        wanted = set(needs)
        return [person for person in self.world.staff[team.code] if wanted <= self.held[person.pk]]

    def team_for(self, *teams: Team | None, needs: Iterable[int]) -> Team:
        """The first of the teams with somebody who can do it. ValueError: the region cannot do this work at all."""
        wanted = set(needs)
        for team in (*teams, *self.world.teams.values()):
            if team is not None and self.able(team, wanted):
                return team
        raise ValueError(f"nobody in the region holds {sorted(wanted)}")

    def free(self, people: Iterable[User]) -> list[User]:
        """Those who have a place for one more, as far as the stories of the queue have filled them."""
        return [person for person in people if self.busy.get(person.pk, 0) < PLACES]

    def occupy(self, person_id: int) -> None:
        """One place of the person is taken until now."""
        self.busy[person_id] = self.busy.get(person_id, 0) + 1

    def calendar(self, team: Team) -> WorkingCalendar:
        """When the team works."""
        return self.hours[team.code]

    def closes_at(self, service: Service | None, at: datetime) -> datetime:
        """When an incident resolved then closes by itself."""
        return self.known.closes_at(Record(service=service), at)
