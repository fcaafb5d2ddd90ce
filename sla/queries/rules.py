"""Targets, escalation steps and pause rules, read once for each version and kept by the process."""

import json
from dataclasses import dataclass

from journal.units import Kept, ask_at_doors, version_at_door
from kernel.calendars import WorkingCalendar
from kernel.zones import tzdata_version
from records.models import Record
from sla.ledger import Promise, Step
from sla.models import EscalationStep, PauseRule, Target
from workforce.models import Calendar
from workforce.queries import calendar_version


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

    def fits(self, asked: "Asked") -> bool:
        """Whether the target covers such a record."""
        same = (self.kind, self.metric) == (asked.kind, asked.metric)
        whose = self.customer.casefold() in ("", asked.customer.casefold())
        return same and whose and self.priority in (None, asked.priority) and self.service in (None, asked.service)

    @property
    def weight(self) -> tuple[bool, bool, bool]:
        """How specific it is: one for a service goes before one for a customer, that before one for a priority."""
        return self.service is not None, bool(self.customer), self.priority is not None


@dataclass(frozen=True, slots=True)
class Asked:
    """What promises look at."""

    kind: str
    metric: str
    priority: int
    service: int | None
    customer: str


@dataclass(frozen=True, slots=True)
class StepRule:
    """An escalation step with what it is for."""

    kind: str
    metric: str
    step: Step


@dataclass(frozen=True, slots=True)
class Rules:
    """Everything that people set about promises."""

    targets: tuple[TargetRule, ...]
    steps: tuple[StepRule, ...]
    pausing: frozenset[tuple[str, str]]

    def target(self, record: Record, metric: str) -> TargetRule | None:
        """The most specific target, or None: no promise, so no clock (DOMAIN S1).

        The customer is the requester's unit; it is asked for only when some target speaks of a customer.
        """
        requester = record.requester if any(rule.customer for rule in self.targets) else None
        customer = requester.unit if requester is not None else ""
        return self.promised(Asked(record.kind, metric, record.priority, record.service_id, customer))

    def promised(self, asked: Asked) -> TargetRule | None:
        """The most specific target for a record that may not exist yet, or None."""
        fitting = [rule for rule in self.targets if rule.fits(asked)]
        return max(fitting, key=lambda rule: rule.weight, default=None)

    def steps_for(self, kind: str, metric: str, priority: int) -> list[Step]:
        """Steps for such a clock, in the order in which they were made."""
        mine = [rule.step for rule in self.steps if (rule.kind, rule.metric) == (kind, metric)]
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

    def promise(self, record: Record, metric: str) -> Promise | None:
        """What is promised to the record now."""
        rule = self.rules.target(record, metric)
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
    steps = EscalationStep.objects.filter(retired_at=None).order_by("pk")
    pausing = PauseRule.objects.filter(retired_at=None, pauses=True).values_list("kind", "reason")
    return Rules(
        tuple(TargetRule(*row) for row in targets.values_list(*columns)),
        tuple(StepRule(step.kind, step.metric, frozen(step)) for step in steps),
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
