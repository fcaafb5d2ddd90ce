"""Promises to begin with: sensible for a region's service desk, and all of them settings."""

from datetime import datetime
from typing import Any

from journal.units import command
from kernel.actor import Actor
from sla.commands.settings import (
    StepContent,
    TargetContent,
    put_pause_rule,
    put_step,
    save_target,
)
from sla.commands.versions import kept
from sla.models import EscalationStep, Metric, PauseRule, Target
from sla.queries import versions
from workforce.commands import CalendarContent, add_calendar
from workforce.models import Calendar

HOUR = 60
OFFICE_WEEK = tuple((day, 8 * HOUR, 17 * HOUR) for day in range(5))
CALENDARS = {
    "always": CalendarContent(
        name={"en": "At all hours", "sv": "Dygnet runt", "zh-hans": "全天候"}, always_open=True
    ),
    "office": CalendarContent(
        name={"en": "Office hours", "sv": "Kontorstid", "zh-hans": "工作时间"}, weekly=OFFICE_WEEK, country="SE"
    ),
}  # fmt: skip
TARGETS = {  # priority: calendar, minutes to respond, minutes to resolve
    1: ("always", 15, 4 * HOUR),
    2: ("always", 30, 8 * HOUR),
    3: ("office", 4 * HOUR, 27 * HOUR),
    4: ("office", 9 * HOUR, 45 * HOUR),
}
PAUSES = {"user": True, "supplier": True, "visit": True, "change": False}


def _step(metric: str, action: str, config: dict[str, Any], **when: int) -> StepContent:
    values: dict[str, Any] = {**when}
    return StepContent(kind="incident", metric=metric, action=action, config=config, **values)


STEPS = (
    _step("response", "notify_team", {}, percent=75),
    _step("response", "notify_person", {"person": "lead"}, offset_minutes=0),
    _step("resolution", "boost", {"points": 50}, percent=75),
    _step("resolution", "notify_person", {"person": "assignee"}, percent=75),
    _step("resolution", "notify_person", {"person": "lead"}, percent=90),
    _step("resolution", "notify_role", {"role": "coordinator"}, offset_minutes=0),
    _step("resolution", "notify_role", {"role": "manager"}, percent=50, priority=1),
    _step(
        "resolution", "notify_role", {"role": "manager"},
        offset_minutes=HOUR, priority=1, repeat_minutes=HOUR, repeat_count=3,
    ),
)  # fmt: skip


@command
def apply_defaults(*, actor: Actor, at: datetime) -> bool:
    """Make the promises to begin with, unless there are any; returns whether it made them."""
    if Target.objects.exists() or PauseRule.objects.exists() or EscalationStep.objects.exists():
        return False
    calendars = {code: _calendar(code, actor, at) for code in CALENDARS}
    for priority, (code, respond, resolve) in TARGETS.items():
        for metric, minutes in ((Metric.RESPONSE, respond), (Metric.RESOLUTION, resolve)):
            content = TargetContent(
                kind="incident", metric=metric, priority=priority, minutes=minutes, calendar_id=calendars[code].pk
            )
            save_target(None, content, actor=actor, at=at)
    with kept(versions.PAUSES, actor=actor, at=at):
        for reason, pauses in PAUSES.items():
            put_pause_rule(kind="incident", reason=reason, pauses=pauses, actor=actor, at=at)
    with kept(versions.STEPS, actor=actor, at=at):
        for step in STEPS:
            put_step(None, step, actor=actor, at=at)
    return True


def _calendar(code: str, actor: Actor, at: datetime) -> Calendar:
    found = Calendar.objects.filter(code=code).first()
    return found or add_calendar(code, CALENDARS[code], actor=actor, at=at)
