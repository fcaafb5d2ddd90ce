"""How an incident goes on once it is reported: taken, asked about, held, handed back, resolved, confirmed, reopened."""

from collections.abc import Mapping
from datetime import datetime, timedelta
from random import Random
from typing import Any

from accounts.models import User
from itsm.demo.cast import Cast
from itsm.demo.story import Act, Story
from kernel.actor import Actor

AT_ONCE = 0.45
"""Share of sign-in and mail calls that the desk solves while the caller is on the telephone."""
MINUTE = timedelta(minutes=1)
Words = Mapping[str, Any]


class Course:
    """Adds acts to a story, up to now; what would come later does not happen, so that some stories stay open."""

    def __init__(self, cast: Cast, chance: Random, words: Words) -> None:
        self.cast, self.chance, self.words = cast, chance, words

    def run(self, story: Story, fault: Words, spoken: Words, small: Words, *, is_open: bool) -> None:
        """The whole course of one story."""
        self.story, self.fault, self.spoken, self.small = story, fault, spoken, small
        self.lang, self.clock, self.is_open = story.opening.lang, story.at, is_open
        if not is_open and self._solves_at_once():
            story.fixed = (fault["cause"], spoken["fix"])
            self._confirm(story.by)
            return
        if not is_open and self._happens(0.025):
            self._act("cancel", self._desk(), self._later(60), reason=small["cancelled"])
            return
        if self._happens(0.05):
            self._act("set_priority", self._desk(), self._later(8), impact=self.chance.choice(fault["impact"]),
                      urgency=self.chance.choice((1, 2, 3, 4)))  # fmt: skip
        self._go_on(is_open=is_open)
        self.story.acts = [act for act in story.acts if act.at < self.cast.world.at]

    def _solves_at_once(self) -> bool:
        by_phone = self.story.opening.channel == "phone"
        return by_phone and self.fault["category"] in ("sign-in", "mail", "printing") and self._happens(AT_ONCE)

    # ------------------------------------------------------------------------------------------ steps

    def _go_on(self, *, is_open: bool) -> None:
        stage = self.chance.choices(("new", "assigned", "working", "waiting"), weights=(42, 14, 30, 14))[0]
        person = None if is_open and stage == "new" else self._worker(is_open=is_open)
        if person is None:
            return
        worker = self.cast.actor(person)
        if self._happens(0.18) or (is_open and stage == "assigned"):
            self._act("assign", self._desk(), self._later(self._wait()), user=person.pk)
        if is_open and stage == "assigned":
            return
        self._act("take", worker, self._later(self._wait()))
        self._talk(worker)
        if not is_open:
            self._finish(worker)
        elif stage == "waiting":
            self._act("hold", worker, self._later(20), reason=self.chance.choice(("user", "supplier", "visit")))

    def _finish(self, worker: Actor) -> None:
        if self._happens(0.05):
            worker = self._hand_on(worker)
        if self._happens(0.16):
            self._pause(worker)
        self._solve(worker)

    def _worker(self, *, is_open: bool) -> User | None:
        opening = self.story.opening
        team, component = opening.owner_team, opening.component
        if team is None:
            return None
        needs = self.cast.known.needs_of(component.pk if component else None)
        people = self.cast.able(team, needs)
        people = self.cast.free(people) if is_open else people
        if not people:
            return None
        person = self.chance.choice(people)
        if is_open:
            self.cast.occupy(person.pk)
        return person

    def _talk(self, worker: Actor) -> None:
        caller = self.story.opening.caller
        if caller is not None and self._happens(0.55):
            self._act("reply", worker, self._later(6), body=self.spoken["ask"], lang=self.lang)
            if self._happens(0.8):
                answer = self.spoken["answer"].format(who=caller.name)
                self._act("reply", self.cast.actor(caller), self._later(25), body=answer, lang=self.lang)
        for text in self.spoken["notes"][: self.chance.choices((0, 1, 2), weights=(30, 40, 30))[0]]:
            self._act("write", worker, self._later(25), body=text.format(**self._names()), lang=self.lang)

    def _hand_on(self, worker: Actor) -> Actor:
        self._act("hand_back", worker, self._later(30), reason="no_time", note_text=self.small["handed"])
        person = self._worker(is_open=False)
        other = self.cast.actor(person) if person else worker
        self._act("take", other, self._later(120))
        return other

    def _pause(self, worker: Actor) -> None:
        reason = self.chance.choices(("user", "supplier", "change", "visit"), weights=(50, 30, 8, 12))[0]
        self._act("hold", worker, self._later(15), reason=reason)
        self._act("write", worker, self.clock + MINUTE, body=self.chance.choice(self.small["held"]), lang=self.lang)
        self._act("resume", worker, self._later(60 * self.chance.choice((3, 6, 9, 18, 30))))

    def _solve(self, worker: Actor) -> None:
        self._resolve(worker)
        if self._happens(0.04) and self.story.opening.caller is not None:
            caller = self.cast.actor(self.story.opening.caller)
            self._act("reopen", caller, self._later(240), reason=self.small["again"])
            self._act("take", worker, self._later(90))
            self._resolve(worker)
        self._confirm(worker)

    def _resolve(self, worker: Actor) -> None:
        minutes = self.fault["minutes"] * self.chance.choice((0.3, 0.6, 1, 1, 1.5, 3))
        self._act("resolve", worker, self._later(minutes), cause=self.fault["cause"], resolution=self.spoken["fix"])

    def _confirm(self, _worker: Actor) -> None:
        """The caller says thank you and confirms, or it closes by itself."""
        caller, resolved = self.story.opening.caller, self.clock
        if caller is not None and self._happens(0.35):
            thanks = self.chance.choice(self.small["thanks"])
            self._act("reply", self.cast.actor(caller), self._later(90), body=thanks, lang=self.lang)
            self._act("close", self.cast.actor(caller), self.clock + MINUTE)
        else:
            closes = self.cast.closes_at(self.story.opening.service, resolved)
            self._act("close", self.cast.system, closes + self.chance.random() * MINUTE)
        self.story.acts = [act for act in self.story.acts if act.at < self.cast.world.at]

    # ------------------------------------------------------------------------------------------ small

    def _happens(self, share: float) -> bool:
        return self.chance.random() < share

    def _desk(self) -> Actor:
        by = self.story.by
        return by if by.may_somewhere("work.assign") else self.cast.agent(self.chance)

    def _wait(self) -> float:
        """Minutes until somebody turns to it: by priority, seldom far too long."""
        opening = self.story.opening
        priority = self.cast.known.matrix[opening.impact, opening.urgency]
        typical = {1: 4, 2: 14, 3: 70, 4: 240}[priority]
        return typical * self.chance.choice((0.2, 0.5, 0.8, 1, 1.3, 2, 5))

    def _later(self, minutes: float) -> datetime:
        """So many minutes on, give or take, in the working time of the team; at any hour for the urgent."""
        opening, amount = self.story.opening, timedelta(minutes=minutes * (0.5 + self.chance.random()))
        urgent = self.cast.known.matrix[opening.impact, opening.urgency] == 1
        if self.is_open:  # whatever the hour, it has come as far as it is meant to
            return self.clock + min(amount, (self.cast.world.at - self.clock) * 0.3)
        if opening.owner_team is None or urgent:
            return self.clock + amount
        return self.cast.calendar(opening.owner_team).add(self.clock, amount)

    def _act(self, verb: str, by: Actor, at: datetime, **facts: Any) -> None:
        self.clock = max(at, self.clock + timedelta(seconds=1)).replace(microsecond=0)
        self.story.acts.append(Act(verb, self.clock, by, facts))

    def _names(self) -> dict[str, str]:
        opening = self.story.opening
        what = opening.component.name if opening.component else ""
        return {"what": what, "where": "", "who": opening.caller.name if opening.caller else ""}
