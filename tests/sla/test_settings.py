"""Promises are settings: added, changed and retired with permission; running clocks follow; defaults to begin with."""

import pytest

from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from kernel.actor import Actor
from kernel.errors import NotAllowed, Unprocessable
from sla import commands as sla
from sla.commands.replan import replan
from sla.models import EscalationStep, Metric, PauseRule, Target
from tests.factories import make_actor
from tests.sla.rooms import always, clock, deadlines, move, open_at, pause, target, utc

pytestmark = pytest.mark.django_db
AT = utc("2026-03-04 07:00")


def content(calendar_id: int, minutes: int = 60, priority: int | None = None) -> sla.TargetContent:
    return sla.TargetContent(
        kind="incident", metric=Metric.RESOLUTION, minutes=minutes, calendar_id=calendar_id, priority=priority
    )


def save(content: sla.TargetContent, actor: Actor = SYSTEM, old: Target | None = None) -> Target:
    with door(actor):
        return sla.save_target(old, content, actor=actor, at=AT)


def test_only_who_may_edit_settings_changes_promises() -> None:
    calendar = always()
    with pytest.raises(NotAllowed):
        save(content(calendar.pk), make_actor("manager"))
    made = save(content(calendar.pk), make_actor("administrator"))
    assert made.minutes == 60
    assert Event.objects.filter(code="sla.rules_changed").count() == 1


def test_two_promises_for_the_same_records_are_refused_but_not_after_one_retired() -> None:
    calendar = always()
    first = save(content(calendar.pk))
    with pytest.raises(Unprocessable, match="already a promise"):
        save(content(calendar.pk, minutes=90))
    with door(SYSTEM):
        sla.retire(first, actor=SYSTEM, at=AT)
    assert save(content(calendar.pk, minutes=90)).pk != first.pk


def test_running_clocks_follow_an_edit_a_new_promise_and_a_retirement() -> None:
    calendar = always()
    broad = save(content(calendar.pk, minutes=240))
    record = open_at(AT, priority=2)
    save(content(calendar.pk, minutes=300), old=broad)
    replan(AT)
    assert clock(record).due_at == utc("2026-03-04 12:00")
    narrow = save(content(calendar.pk, minutes=120, priority=2))
    while replan(AT):
        pass
    assert clock(record).due_at == utc("2026-03-04 09:00")
    with door(SYSTEM):
        sla.retire(narrow, actor=SYSTEM, at=AT)
    while replan(AT):
        pass
    assert clock(record).due_at == utc("2026-03-04 12:00")


def test_a_pause_rule_takes_hold_of_records_that_wait_already() -> None:
    target(always(), 240)
    record = open_at(AT)
    move(record, "hold", utc("2026-03-04 08:00"), "user")
    assert clock(record).state == "running"
    with door(SYSTEM):
        sla.save_pause_rule(kind="incident", reason="user", pauses=True, actor=SYSTEM, at=utc("2026-03-04 08:30"))
    replan(utc("2026-03-04 08:30"))
    assert (clock(record).state, clock(record).consumed_seconds) == ("paused", 90 * 60)


def test_a_step_needs_one_of_percent_and_minutes() -> None:
    both = sla.StepContent(kind="incident", metric="resolution", action="boost", percent=50, offset_minutes=5)
    with door(SYSTEM), pytest.raises(Unprocessable, match="either"):
        sla.save_step(None, both, actor=SYSTEM, at=AT)


def test_defaults_promise_something_for_every_priority_and_come_once() -> None:
    for expected in (True, False):
        with door(SYSTEM) as at:
            assert sla.apply_defaults(actor=SYSTEM, at=at) is expected
    found = Target.objects.order_by("priority", "metric").values_list("priority", "metric", "minutes", "calendar__code")
    assert list(found) == [
        (1, "resolution", 240, "always"), (1, "response", 15, "always"), (2, "resolution", 480, "always"),
        (2, "response", 30, "always"), (3, "resolution", 1620, "office"), (3, "response", 240, "office"),
        (4, "resolution", 2700, "office"), (4, "response", 540, "office"),
    ]  # fmt: skip
    assert set(PauseRule.objects.filter(pauses=True).values_list("reason", flat=True)) == {"user", "supplier", "visit"}
    record = open_at(utc("2026-03-04 13:00"), priority=1)
    assert len(deadlines(record)) == 13
    assert EscalationStep.objects.count() == 8


def test_the_kept_rules_are_those_of_the_database() -> None:
    calendar = always()
    save(content(calendar.pk, minutes=240))
    assert clock(open_at(AT)).target_minutes == 240
    Target.objects.update(minutes=60)  # nobody said so: this process does not know
    assert clock(open_at(AT)).target_minutes == 240
    save(content(calendar.pk, minutes=120), old=Target.objects.get())
    pause("user")
    assert clock(open_at(AT)).target_minutes == 120
