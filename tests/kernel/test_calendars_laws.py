"""Laws of working time that need no oracle (RELIABILITY 2.2, M1 to M7, M10, M11)."""

import os
import subprocess
import sys
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import assume, example, given
from hypothesis import strategies as st

from kernel.calendars import WorkingCalendar
from tests.kernel.engines import calendar_of, due_with_pauses, few
from tests.kernel.oracle import ALWAYS, OFFICE, TURNS, Case, random_case, rules

cases = st.randoms(use_true_random=False).map(random_case)
amounts = st.timedeltas(timedelta(), timedelta(hours=60))

SUBPROCESS = """
from datetime import timedelta
from random import Random
from tests.kernel.engines import calendar_of, due
from tests.kernel.oracle import random_case

rng = Random(11)
for _ in range(100):
    case = random_case(rng)
    calendar = calendar_of(case)
    print(due(case), calendar.subtract(case.start, case.amount))
    print(calendar.elapsed(case.start, case.start + timedelta(3)))
"""


@few
@given(cases, amounts, amounts)
def test_m01_adding_in_two_steps_is_adding_at_once(case: Case, first: timedelta, second: timedelta) -> None:
    calendar = calendar_of(case)
    assert calendar.add(calendar.add(case.start, first), second) == calendar.add(case.start, first + second)


@few
@given(cases, amounts, amounts, amounts)
def test_m02_later_start_or_more_work_is_never_due_earlier(
    case: Case, amount: timedelta, more: timedelta, later: timedelta
) -> None:
    calendar = calendar_of(case)
    due = calendar.add(case.start, amount)
    assert calendar.add(case.start, amount + more) >= due
    assert calendar.add(case.start + later, amount) >= due


@few
@given(cases, amounts, st.integers(0, 6))
def test_m03_a_holiday_or_a_pause_never_moves_due_earlier(case: Case, amount: timedelta, days: int) -> None:
    calendar = calendar_of(case)
    holiday = (case.start + timedelta(days=days)).date()
    closed = WorkingCalendar(case.zone, case.weekly, {**case.exceptions, holiday: ()})
    assert closed.add(case.start, amount) >= calendar.add(case.start, amount)
    pause = (case.start + timedelta(hours=days), case.start + timedelta(hours=days + 3))
    due = due_with_pauses(calendar, case.start, amount, (pause,))
    assert due >= calendar.add(case.start, amount)


@few
@given(cases, amounts)
def test_m04_a_pause_in_closed_time_changes_nothing(case: Case, amount: timedelta) -> None:
    calendar = calendar_of(case)
    closing = calendar.next_close(case.start)
    assume(closing is not None and amount)
    assert closing is not None
    pause = (closing, calendar.next_open(closing))
    assert due_with_pauses(calendar, case.start, amount, (pause,)) == calendar.add(case.start, amount)


@few
@given(cases, amounts, st.timedeltas(timedelta(), timedelta(hours=30)), st.floats(0, 1))
def test_m05_splitting_a_pause_changes_nothing(case: Case, amount: timedelta, length: timedelta, cut: float) -> None:
    calendar = calendar_of(case)
    paused = case.start + amount / 2
    middle, resumed = paused + length * cut, paused + length
    whole = due_with_pauses(calendar, case.start, amount, ((paused, resumed),))
    assert due_with_pauses(calendar, case.start, amount, ((paused, middle), (middle, resumed))) == whole


@few
@given(st.integers(0, 60 * 24 * 28), st.timedeltas(timedelta(), timedelta(hours=80)))
def test_m06_fifty_two_weeks_later_is_due_fifty_two_weeks_later(minutes: int, amount: timedelta) -> None:
    calendar = WorkingCalendar("Europe/Stockholm", OFFICE)  # November to January knows no change of offset
    start = datetime(2026, 11, 10, tzinfo=UTC) + timedelta(minutes=minutes)
    year = timedelta(weeks=52)
    assert calendar.add(start + year, amount) - year == calendar.add(start, amount)


@few
@given(cases, st.timedeltas(timedelta(), timedelta(days=400)))
@example(random_case(Random(3)), timedelta(microseconds=1))
@example(random_case(Random(3)), timedelta())
def test_m07_round_the_clock_is_plain_addition(case: Case, amount: timedelta) -> None:
    for calendar in (WorkingCalendar(case.zone, always_open=True), WorkingCalendar(case.zone, ALWAYS)):
        assert calendar.add(case.start, amount) == case.start + amount
        assert calendar.subtract(case.start, amount) == case.start - amount
        assert calendar.elapsed(case.start, case.start + amount) == amount
        assert list(calendar.open_between(case.start, case.start + amount)) == (
            [(case.start, case.start + amount)] if amount else []
        )


@few
@given(cases, amounts)
def test_m10_elapsed_undoes_add_and_subtract(case: Case, amount: timedelta) -> None:
    calendar = calendar_of(case)
    due = calendar.add(case.start, amount)
    assert calendar.elapsed(case.start, due) == amount
    assert calendar.elapsed(due, case.start) == -amount
    warn = calendar.subtract(due, amount)
    assert calendar.elapsed(warn, due) == amount
    assert calendar.add(warn, amount) == due
    assert warn >= case.start


@few
@given(cases, amounts)
def test_open_stretches_are_ordered_apart_and_sum_to_elapsed(case: Case, length: timedelta) -> None:
    calendar, end = calendar_of(case), case.start + length
    stretches = list(calendar.open_between(case.start, end))
    marks = [at for stretch in stretches for at in stretch]
    assert marks == sorted(set(marks))
    assert all(case.start <= at <= end for at in marks)
    assert sum((closed - opened for opened, closed in stretches), timedelta()) == calendar.elapsed(case.start, end)


def test_m11_the_zone_of_the_process_does_not_matter() -> None:
    answers = set()
    for zone in ("Asia/Tokyo", "America/St_Johns"):
        environment = {**os.environ, "TZ": zone}
        answers.add(
            subprocess.run([sys.executable, "-c", SUBPROCESS], env=environment, capture_output=True, check=True).stdout
        )
    assert len(answers) == 1
    assert answers.pop().count(b"\n") == 200


@pytest.mark.parametrize("turn", TURNS, ids="-".join)
def test_each_zone_has_its_turn(turn: tuple[str, str]) -> None:
    """The list of turns would be worthless if the zones did not change there."""
    zone, at = rules(turn[0]), datetime.fromisoformat(turn[1]).replace(tzinfo=UTC)
    changes = at.astimezone(zone).utcoffset() != (at - timedelta(minutes=1)).astimezone(zone).utcoffset()
    assert changes is (turn[0] not in {"UTC", "Asia/Kathmandu"})
