"""Think up stories: who reports what, when, and how it goes on. Everything random comes from one seeded source."""

from collections.abc import Iterator, Sequence
from dataclasses import dataclass, field
from datetime import UTC, datetime, time, timedelta
from random import Random
from typing import Any
from zoneinfo import ZoneInfo

from accounts.models import User
from incidents.commands import IncidentOpening
from itsm.demo.cast import Cast
from itsm.demo.course import Course
from itsm.demo.story import Story
from itsm.demo.world import World, texts
from kernel.actor import Actor
from registry.models import Component, Service

STOCKHOLM = ZoneInfo("Europe/Stockholm")
YEAR = timedelta(days=365)
RARE = "zyxquartz"
"""A word that stands in one of a hundred descriptions: what a search for a rare word looks for."""
HOURS = (1, 1, 1, 1, 1, 2, 6, 16, 22, 20, 18, 14, 12, 18, 17, 14, 9, 5, 3, 3, 2, 2, 1, 1)
"""How many reports come in each hour of a working day."""
ALERTED = ("switch", "vm", "host", "storage", "database")


@dataclass
class Plots:
    """Makes stories for a world; `chance` is their own, so that they do not depend on how the world was built."""

    world: World
    cast: Cast
    chance: Random = field(default_factory=lambda: Random(1177))  # noqa: S311  # the same stories every time

    def __post_init__(self) -> None:
        self.texts = texts("faults")
        self.weights = [fault["weight"] for fault in self.texts["faults"]]
        self.course = Course(self.cast, self.chance, self.texts)

    def year(self, count: int) -> list[Story]:
        """That many stories of the last year, in the order in which they were opened, most of them over."""
        moments = sorted(self._moment(YEAR) for _number in range(count))
        return [self._story(at) for at in moments]

    def queue(self, count: int, within: timedelta) -> list[Story]:
        """Stories that are not over: what lies in the queue, is being done, waits, or is late."""
        moments = sorted(self._moment(within) for _number in range(count))
        return [self._story(at, is_open=True) for at in moments]

    def untouched(self, count: int, within: timedelta) -> list[Story]:
        """Stories that nobody has turned to yet: reported, and in the queue since."""
        found = self.queue(count, within)
        for story in found:
            story.acts.clear()
        return found

    def _moment(self, within: timedelta) -> datetime:
        """A time in the past, most often in the morning of a working day."""
        chance, last = self.chance, self.world.at - timedelta(minutes=3)
        for _attempt in range(50):
            day = (self.world.at - chance.random() * within).astimezone(STOCKHOLM).date()
            if day.weekday() > 4 and chance.random() > 0.15:
                continue
            hour = chance.choices(range(24), weights=HOURS)[0]
            clock = time(hour, chance.randrange(60), chance.randrange(60))
            moment = datetime.combine(day, clock, STOCKHOLM).astimezone(UTC)
            if self.world.at - within < moment < last:
                return moment
        return last - chance.random() * within * 0.9

    def _story(self, at: datetime, *, is_open: bool = False) -> Story:
        fault = self.chance.choices(self.texts["faults"], weights=self.weights)[0]
        subject, service = self._subject(fault)
        language = self._language(fault)
        caller, by, channel = self._reported(fault, language, subject)
        where = subject.location.name if subject.location else (caller.unit if caller else "")
        words = {"what": service.component.name if service else subject.name, "where": where,
                 "who": caller.name if caller else ""}  # fmt: skip
        spoken = fault[language]
        body = spoken["body"].format(**words)
        if self.chance.random() < 0.01:
            body = f"{body} ({RARE})"
        category = self.world.categories[fault["category"]]
        opening = IncidentOpening(
            title=self.chance.choice(spoken["titles"]).format(**words), description=body, lang=language,
            caller=caller, channel=channel, impact=self.chance.choice(fault["impact"]),
            urgency=self.chance.choice(fault["urgency"]), service=service, component=subject, category=category,
            owner_team=self.cast.team_for(
                category.team, subject.owner_team, needs=self.cast.known.needs_of(subject.pk)
            ),
        )  # fmt: skip
        story = Story(at, by, opening)
        self.course.run(story, fault, spoken, self.texts["words"][language], is_open=is_open)
        return story

    def _subject(self, fault: dict[str, Any]) -> tuple[Component, Service | None]:
        named = self.chance.choice(fault["on"])
        if named.startswith("service:"):
            service = self.world.services[named.removeprefix("service:")]
            return service.component, service
        return self.chance.choice(self.world.components[named]), None

    def _language(self, fault: dict[str, Any]) -> str:
        shares = (5, 5, 90) if fault["category"] == "platform" else (74, 14, 12)
        return self.chance.choices(("sv", "en", "zh-hans"), weights=shares)[0]

    def _reported(self, fault: dict[str, Any], language: str, subject: Component) -> tuple[User | None, Actor, str]:
        """The caller (None for a machine), who opens it, and through what."""
        chance, cast = self.chance, self.cast
        if subject.type.code in ALERTED and chance.random() < 0.6:
            return None, cast.machine, "alert"
        if language == "zh-hans":
            return (person := chance.choice(cast.hangzhou)), cast.actor(person), "portal"
        caller = subject.holder or chance.choice(cast.callers[language])
        channel = chance.choices(("phone", "portal", "email", "chat", "walk_in"), weights=(52, 30, 10, 5, 3))[0]
        return caller, cast.actor(caller) if channel == "portal" else cast.agent(chance), channel


def in_order(*groups: Sequence[Story]) -> Iterator[Story]:
    """All stories by the time at which they were opened."""
    yield from sorted((story for group in groups for story in group), key=lambda story: story.at)
