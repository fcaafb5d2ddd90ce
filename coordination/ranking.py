"""Where a work item stands in the queue: a sum of at most six named parts. Knows neither Django nor the database.

Same facts and rules give the same rank at the same instant (DEMAND D1). Every part is a step function of time, so a
stored rank stays true until `next_at`. Who is assigned, and who looks, changes nothing.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field, fields
from datetime import datetime, timedelta
from typing import Any

RISK_STEPS = (25, 50, 75, 90, 100)
"""Percent of a promise used at which risk grows; Record.risk_at holds their instants."""

RISK, PRIORITY, HARM, WAITING, ACTIVATION, BOOST = "risk", "priority", "harm", "waiting", "activation", "boost"


@dataclass(frozen=True, slots=True, kw_only=True)
class Rules:
    """Points of each part (UX 3.6). Tuples by priority run from P1 to P4; `risk_shares` are percent of the cap."""

    version: int = 1
    risk_caps: tuple[int, ...] = (400, 300, 200, 120)
    risk_shares: tuple[int, ...] = (15, 30, 55, 75, 100)
    priority_points: tuple[int, ...] = (300, 200, 100, 0)
    harm_service: int = 100
    harm_more_services: int = 10
    harm_prioritised: int = 20
    harm_per_hundred_people: int = 2
    harm_cap: int = 150
    waiting_hours: tuple[int, ...] = (2, 4, 8, 24, 48, 72, 120, 168, 240, 336)
    waiting_step: int = 10
    major: int = 100
    vip: int = 20
    boost_cap: int = 100


def faults(rules: Rules) -> list[str]:
    """Codes of what is wrong with the rules; empty for rules that keep the promises of ARCHITECTURE 6."""
    late_p4 = rules.risk_caps[-1:] + rules.priority_points[-1:]
    most = sum(late_p4) + rules.harm_cap + rules.waiting_step * len(rules.waiting_hours) + rules.vip
    least = sum(rules.priority_points[:1]) + rules.harm_service
    checks = {
        "four_priorities": len(rules.risk_caps) == 4 == len(rules.priority_points),
        "five_steps": len(rules.risk_shares) == len(RISK_STEPS) and _rising(rules.risk_shares),
        "waiting_rises": _rising(rules.waiting_hours),
        "not_negative": all(number >= 0 for each in fields(rules) for number in _numbers(getattr(rules, each.name))),
        "late_p4_below_fresh_p1": most < least,
    }
    return [code for code, is_kept in checks.items() if not is_kept]


def _rising(values: tuple[int, ...]) -> bool:
    return list(values) == sorted(set(values))


def _numbers(value: int | tuple[int, ...]) -> tuple[int, ...]:
    return value if isinstance(value, tuple) else (value,)


@dataclass(frozen=True, slots=True, kw_only=True)
class Harm:
    """What stands still because of the record's component: services (the first names), their users."""

    services: int = 0
    prioritised: int = 0
    people: int = 0
    names: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True, kw_only=True)
class Facts:
    """Everything a rank is computed from. `risk_at` is None while the promise is paused or there is none."""

    priority: int
    offered_at: datetime
    risk_at: tuple[datetime, ...] | None = None
    harm: Harm = Harm()
    is_major: bool = False
    is_vip: bool = False
    boosts: tuple[tuple[int, datetime], ...] = ()
    """(points, expires at) of each boost in force."""


@dataclass(frozen=True, slots=True)
class Part:
    """One named term of the sum; `facts` are what its sentence needs."""

    name: str
    points: int
    facts: Mapping[str, Any] = field(default_factory=dict)

    def as_json(self) -> dict[str, Any]:
        """As stored in Ranking.parts."""
        return {"name": self.name, "points": self.points, "facts": dict(self.facts)}


@dataclass(frozen=True, slots=True)
class Rank:
    """The parts that are not zero, in the order of the rules; the score is their sum."""

    parts: tuple[Part, ...]
    next_at: datetime | None

    @property
    def score(self) -> int:
        """The sum of the parts that are shown."""
        return sum(part.points for part in self.parts)


def rank(facts: Facts, rules: Rules, at: datetime) -> Rank:
    """The rank at that instant, and the next instant at which a part changes by itself."""
    risk, next_risk = _risk(facts, rules, at)
    waiting, next_waiting = _waiting(facts, rules, at)
    boost, next_boost = _boost(facts, rules, at)
    priority = Part(PRIORITY, rules.priority_points[facts.priority - 1], {"priority": facts.priority})
    parts = (risk, priority, _harm(facts.harm, rules), waiting, _activation(facts, rules), boost)
    changes = [moment for moment in (next_risk, next_waiting, next_boost) if moment is not None]
    return Rank(tuple(part for part in parts if part.points), min(changes, default=None))


def _risk(facts: Facts, rules: Rules, at: datetime) -> tuple[Part, datetime | None]:
    moments = facts.risk_at or ()
    passed = sum(moment <= at for moment in moments)
    if not passed:
        return Part(RISK, 0), min(moments, default=None)
    points = rules.risk_caps[facts.priority - 1] * rules.risk_shares[passed - 1] // 100
    coming = [moment for moment in moments if moment > at]
    return Part(RISK, points, {"used": RISK_STEPS[passed - 1]}), min(coming, default=None)


def _harm(harm: Harm, rules: Rules) -> Part:
    if not harm.services:
        return Part(HARM, 0)
    points = rules.harm_service + rules.harm_more_services * (harm.services - 1)
    points += rules.harm_prioritised * harm.prioritised + rules.harm_per_hundred_people * (harm.people // 100)
    facts = {"services": harm.services, "prioritised": harm.prioritised, "people": harm.people,
             "names": list(harm.names)}  # fmt: skip
    return Part(HARM, min(points, rules.harm_cap), facts)


def _waiting(facts: Facts, rules: Rules, at: datetime) -> tuple[Part, datetime | None]:
    steps = [facts.offered_at + timedelta(hours=hours) for hours in rules.waiting_hours]
    passed = sum(step <= at for step in steps)
    coming = steps[passed] if passed < len(steps) else None
    hours = rules.waiting_hours[passed - 1] if passed else 0
    return Part(WAITING, rules.waiting_step * passed, {"hours": hours}), coming


def _activation(facts: Facts, rules: Rules) -> Part:
    if facts.is_major:
        return Part(ACTIVATION, rules.major, {"why": "major"})
    return Part(ACTIVATION, rules.vip if facts.is_vip else 0, {"why": "vip"})


def _boost(facts: Facts, rules: Rules, at: datetime) -> tuple[Part, datetime | None]:
    running = [(points, until) for points, until in facts.boosts if until > at]
    points = max(-rules.boost_cap, min(rules.boost_cap, sum(points for points, _until in running)))
    until = min((until for _points, until in running), default=None)
    return Part(BOOST, points, {"until": until.isoformat() if until else None}), until


def harm_of(parts: list[dict[str, Any]]) -> Harm:
    """The harm that stored parts were computed from, so that a step of time need not walk the components again."""
    for part in parts:
        if part["name"] == HARM:
            facts = part["facts"]
            return Harm(services=facts["services"], prioritised=facts["prioritised"], people=facts["people"],
                        names=tuple(facts["names"]))  # fmt: skip
    return Harm()


def difference(one: list[dict[str, Any]], other: list[dict[str, Any]]) -> list[tuple[str, int]]:
    """(part, points of `one` less points of `other`), largest difference first; equal parts are left out."""
    mine = {part["name"]: part["points"] for part in one}
    theirs = {part["name"]: part["points"] for part in other}
    names = (RISK, PRIORITY, HARM, WAITING, ACTIVATION, BOOST)
    gaps = [(name, mine.get(name, 0) - theirs.get(name, 0)) for name in names]
    return sorted([gap for gap in gaps if gap[1]], key=lambda gap: -abs(gap[1]))
