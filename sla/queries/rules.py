"""Targets, escalation steps and pause rules, read once for each version and kept by the process."""

import json
from dataclasses import dataclass

from journal.units import Kept, ask_at_doors, version_at_door
from kernel.calendars import WorkingCalendar
from kernel.zones import tzdata_version
from records.models import Record
from sla.ledger import Promise, Step
from sla.models import EscalationStep, Party, PauseRule, Target
from workforce.models import Calendar
from workforce.queries import calendar_version


@dataclass(frozen=True, slots=True)
class Whose:
    """Whose promise it is: ours to the customer, a team's, or a supplier's ("" is one that nobody named)."""

    party: str = Party.CUSTOMER.value
    team: int | None = None
    supplier: str = ""

    def is_same(self, other: "Whose") -> bool:
        """Whether both are the same one; suppliers are names that people type."""
        named = self.supplier.casefold() == other.supplier.casefold()
        return named and (self.party, self.team) == (other.party, other.team)


OURS = Whose()


@dataclass(frozen=True, slots=True)
class TargetRule:
    """A target as rules are matched: None is any."""

    id: int
    kind: str
    metric: str
    priority: int | None
    service: int | None
    minutes: int
    calendar: int
    customer: str = ""
    party: str = Party.CUSTOMER.value
    team: int | None = None
    supplier: str = ""

    def fits(self, asked: "Asked") -> bool:
        """Whether the target covers such a record."""
        same = (self.kind, self.metric) == (asked.kind, asked.metric) and self._is_of(asked.whose)
        whose = self.customer.casefold() in ("", asked.customer.casefold())
        return same and whose and self.priority in (None, asked.priority) and self.service in (None, asked.service)

    def _is_of(self, whose: Whose) -> bool:
        named = self.supplier.casefold() in ("", whose.supplier.casefold())
        return self.party == whose.party and self.team in (None, whose.team) and named

    @property
    def weight(self) -> tuple[bool, bool, bool, bool]:
        """How specific it is: one for a team or supplier by name goes before one for a service, that before one for a
        customer, that before one for a priority."""  # fmt: skip
        named = self.team is not None or bool(self.supplier)
        return named, self.service is not None, bool(self.customer), self.priority is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What promises look at."""

    kind: str
    metric: str
    priority: int
    service: int | None
    customer: str
    whose: Whose = OURS


@dataclass(frozen=True, slots=True)
class StepRule:
    """An escalation step with what it is for."""

    kind: str
    metric: str
    step: Step
    party: str = Party.CUSTOMER.value


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that people set about promises."""

    targets: tuple[TargetRule, ...]
    steps: tuple[StepRule, ...]
    pausing: frozenset[tuple[str, str]]

    def has(self, party: str) -> bool:
        """Whether anything is agreed with that kind of party."""
        return any(rule.party == party for rule in self.targets)

    def target(self, record: Record, metric: str, whose: Whose = OURS) -> TargetRule | None:
        """The most specific target, or None: no promise, so no clock (DOMAIN S1).

        The customer is the requester's unit; it is asked for only when some target speaks of a customer.
        """
        requester = record.requester if any(rule.customer for rule in self.targets) else None
        customer = requester.unit if requester is not None else ""
        return self.promised(Asked(record.kind, metric, record.priority, record.service_id, customer, whose))

    def promised(self, asked: Asked) -> TargetRule | None:
        """The most specific target for a record that may not exist yet, or None."""
        fitting = [rule for rule in self.targets if rule.fits(asked)]
        return max(fitting, key=lambda rule: rule.weight, default=None)

    def steps_for(self, kind: str, metric: str, priority: int, party: str = Party.CUSTOMER.value) -> list[Step]:
        """Steps for such a clock, in the order in which they were made."""
        asked = (kind, metric, party)
        mine = [rule.step for rule in self.steps if (rule.kind, rule.metric, rule.party) == asked]
        return [step for step in mine if step.applies(priority)]

    def pauses(self, kind: str, reason: str) -> bool:
        """Whether waiting for that reason stops the clocks (DOMAIN S2). A reason without a rule does not."""
        return (kind, reason) in self.pausing


@dataclass(frozen=True, slots=True)
class Now:
    """The rules and the version of every calendar, as of one statement."""

    rules: Rules
    versions: dict[int, int]

    def calendar(self, calendar_id: int) -> WorkingCalendar:
        """The calendar as it stands now."""
        return calendar_version(calendar_id, self.versions[calendar_id])

    def promise(self, record: Record, metric: str, whose: Whose = OURS) -> Promise | None:
        """What is promised to the record now."""
        rule = self.rules.target(record, metric, whose)
        if rule is None:
            return None
        version = self.versions[rule.calendar]
        return Promise(rule.id, rule.minutes, rule.calendar, version, tzdata_version(), record.priority)


RULES, CALENDARS = "sla.rules", "workforce.calendars"


def now() -> Now:
    """Rules and calendar versions as the door of this unit has read them; without a door, by four statements."""
    try:
        versions = version_at_door(CALENDARS)
    except KeyError:
        return Now(load_rules(), dict(Calendar.objects.values_list("pk", "version")))
    rules, known = _rules.now(), {int(calendar): version for calendar, version in json.loads(versions).items()}
    if any(target.calendar not in known for target in rules.targets):  # added since the door was opened
        known = dict(Calendar.objects.values_list("pk", "version"))
    return Now(rules, known)


def load_rules() -> Rules:
    """The rules in force, from the database."""
    targets = Target.objects.filter(retired_at=None).order_by("pk")
    columns = ("id", "kind", "metric", "priority", "service_id", "minutes", "calendar_id", "customer")
    whose = ("party", "team_id", "supplier")
    steps = EscalationStep.objects.filter(retired_at=None).order_by("pk")
    pausing = PauseRule.objects.filter(retired_at=None, pauses=True).values_list("kind", "reason")
    return Rules(
        tuple(TargetRule(*row) for row in targets.values_list(*columns, *whose)),
        tuple(StepRule(step.kind, step.metric, frozen(step), step.party) for step in steps),
        frozenset(pausing),
    )


_rules = Kept(
    RULES,
    "SELECT id FROM sla_replan WHERE cause = 'rules' ORDER BY id DESC LIMIT 1",
    load_rules,
)
ask_at_doors(CALENDARS, "SELECT coalesce(jsonb_object_agg(id, version), '{}') FROM workforce_calendar")


def frozen(step: EscalationStep) -> Step:
    """An escalation step as a clock keeps it."""
    return Step(
        id=step.pk, action=step.action, percent=step.percent, offset_minutes=step.offset_minutes,
        repeat_minutes=step.repeat_minutes or 0, repeat_count=step.repeat_count if step.repeat_minutes else 0,
        priority=step.priority, team=step.team_id, config=step.config,
    )  # fmt: skip
