"""The bug classes of RELIABILITY 2.1 that concern the calendar; each was met in a real product."""

import copy
import pickle
from datetime import UTC, date, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.calendars import HORIZON, NeverOpen, WorkingCalendar
from kernel.zones import zone
from tests.kernel.engines import calendar_of, due_with_pauses, few
from tests.kernel.oracle import ALWAYS, NIGHT, OFFICE, Case, Interval, Weekly, random_case

HOUR = timedelta(hours=1)
STOCKHOLM = WorkingCalendar("Europe/Stockholm", OFFICE)  # Monday to Friday 08-12 and 13-17


def utc(text: str) -> datetime:
    """An instant written in UTC."""
    return datetime.fromisoformat(text).replace(tzinfo=UTC)


MIDNIGHT_TURNS = (
    ("America/Santiago", "2026-04-04", "2026-04-05T04:00"),
    ("America/Santiago", "2026-09-06", "2026-09-07T03:00"),
    ("America/Sao_Paulo", "2018-11-04", "2018-11-05T02:00"),
    ("America/Sao_Paulo", "2019-02-16", "2019-02-17T03:00"),
    ("Asia/Beirut", "2026-03-29", "2026-03-29T21:00"),
    ("Asia/Beirut", "2026-10-24", "2026-10-24T22:00"),
    ("Africa/Cairo", "2026-04-24", "2026-04-24T21:00"),
    ("Africa/Cairo", "2026-10-29", "2026-10-29T22:00"),
)


@pytest.mark.timeout(20)
@pytest.mark.parametrize(("name", "day", "ends"), MIDNIGHT_TURNS)
def test_s01_a_day_whose_midnight_moves_ends_once(name: str, day: str, ends: str) -> None:
    on = date.fromisoformat(day)
    only_that_day = WorkingCalendar(name, (), {on: ((0, 1440),)})
    start = utc(day) - timedelta(days=2)
    length = only_that_day.elapsed(start, start + timedelta(days=5))
    assert length in {23 * HOUR, 25 * HOUR}
    assert only_that_day.add(start, length) == utc(ends)


@pytest.mark.timeout(20)
def test_s01_a_calendar_that_never_opens_says_so() -> None:
    never = WorkingCalendar("America/Santiago")
    start = utc("2026-04-05T03:00")
    with pytest.raises(NeverOpen, match="lacks 4:00:00 of working time within 3653 days of 2026-04-05"):
        never.add(start, 4 * HOUR)
    with pytest.raises(NeverOpen, match="lacks 4:00:00"):
        never.subtract(start, 4 * HOUR)
    with pytest.raises(NeverOpen, match="does not open within 3653 days"):
        never.next_open(start)
    assert never.next_close(start) is None
    assert never.add(start, timedelta()) == start


@pytest.mark.timeout(20)
def test_s01_what_ten_years_do_not_yield_is_refused_with_what_is_missing() -> None:
    sunday_hour = WorkingCalendar("Europe/Stockholm", ((6, 600, 660),))
    start = utc("2026-01-01T00:00")
    assert sunday_hour.add(start, 500 * HOUR) == utc("2035-07-29T09:00")
    with pytest.raises(NeverOpen) as refused:
        sunday_hour.add(start, 600 * HOUR)
    assert refused.value.missing == 600 * HOUR - sunday_hour.elapsed(start, start + HORIZON)
    always = WorkingCalendar("UTC", always_open=True)
    assert always.add(start, HORIZON) == start + HORIZON
    with pytest.raises(NeverOpen):
        always.add(start, HORIZON + HOUR)
    with pytest.raises(NeverOpen):
        always.subtract(start, HORIZON + HOUR)
    with pytest.raises(NeverOpen):
        sunday_hour.subtract(start, 600 * HOUR)


def test_s02_a_short_and_a_long_day_count_their_real_hours() -> None:
    whole_days = WorkingCalendar("Europe/Stockholm", ALWAYS)
    spring, autumn = utc("2026-03-28T23:00"), utc("2026-10-24T22:00")  # midnight in Stockholm
    assert whole_days.elapsed(spring, utc("2026-03-29T22:00")) == 23 * HOUR
    assert whole_days.elapsed(autumn, utc("2026-10-25T23:00")) == 25 * HOUR
    nights = WorkingCalendar("Europe/Stockholm", ((6, 60, 240),))  # Sunday 01 to 04
    assert nights.elapsed(spring, spring + 12 * HOUR) == 2 * HOUR
    assert nights.elapsed(autumn, autumn + 12 * HOUR) == 4 * HOUR


def test_s02_history_is_counted_with_the_offset_of_its_day() -> None:
    start = utc("2026-03-27T15:00")  # Friday 16:00 in winter time
    assert STOCKHOLM.add(start, 2 * HOUR) == utc("2026-03-30T07:00")  # Monday 09:00 in summer time


def test_s03_hours_are_those_of_the_calendar_not_of_the_given_instant() -> None:
    at = utc("2026-11-20T10:30")
    for name in ("Asia/Tokyo", "America/St_Johns", "Europe/Stockholm"):
        local = at.astimezone(zone(name))
        assert STOCKHOLM.add(local, 8 * HOUR) == utc("2026-11-23T10:30")
        assert STOCKHOLM.add(local, 8 * HOUR).tzinfo is UTC


def test_s03_instants_that_share_a_zone_are_not_subtracted_on_the_wall() -> None:
    stockholm = zone("Europe/Stockholm")
    start, end = datetime(2026, 10, 25, 1, tzinfo=stockholm), datetime(2026, 10, 25, 4, tzinfo=stockholm)
    assert end - start == 3 * HOUR  # what Python says
    for calendar in (WorkingCalendar("UTC", always_open=True), WorkingCalendar("Europe/Stockholm", ALWAYS)):
        assert calendar.elapsed(start, end) == 4 * HOUR
    first, second = datetime(2026, 10, 25, 2, tzinfo=stockholm), datetime(2026, 10, 25, 2, fold=1, tzinfo=stockholm)
    assert WorkingCalendar("Europe/Stockholm", ALWAYS).elapsed(first, second) == HOUR


def test_s03_a_time_without_zone_is_refused() -> None:
    naive = utc("2026-11-20T10:30").replace(tzinfo=None)
    with pytest.raises(ValueError, match="has no time zone"):
        STOCKHOLM.add(naive, HOUR)


def test_s04_a_pause_over_a_weekend_is_credited_in_working_time() -> None:
    start = utc("2026-11-20T14:00")  # Friday 15:00, two hours before closing
    pause = (utc("2026-11-20T15:00"), utc("2026-11-23T08:00"))  # Friday 16:00 to Monday 09:00: two working hours
    due = due_with_pauses(STOCKHOLM, start, 4 * HOUR, (pause,))
    assert due == utc("2026-11-23T11:00")
    assert STOCKHOLM.elapsed(*pause) == 2 * HOUR
    assert STOCKHOLM.elapsed(start, due) == 4 * HOUR + STOCKHOLM.elapsed(*pause)


def test_s07_a_warning_before_due_lies_in_opening_hours() -> None:
    due = utc("2026-11-23T08:00")  # Monday 09:00
    assert STOCKHOLM.subtract(due, 2 * HOUR) == utc("2026-11-20T15:00")  # Friday 16:00, not Monday 07:00
    assert STOCKHOLM.subtract(due, HOUR) == utc("2026-11-23T07:00")  # Monday's opening, not Friday's closing


@few
@given(st.randoms(use_true_random=False).map(random_case), st.floats(0.01, 1))
def test_s07_warn_is_before_due_and_open(case: Case, share: float) -> None:
    calendar = calendar_of(case)
    target = max(case.amount, timedelta(minutes=1))
    due = calendar.add(case.start, target)
    warn = calendar.subtract(due, target * share)
    assert case.start <= warn <= due
    assert calendar.is_open(warn)
    step = calendar.add(case.start, target * share)  # a step at a percentage of the target
    assert calendar.is_open(step) or calendar.is_open(step - timedelta(microseconds=1))


def test_s12_a_record_opened_in_closed_time_starts_at_the_next_opening() -> None:
    for opened in ("2026-11-20T16:00", "2026-11-21T12:00", "2026-11-22T23:59"):
        assert STOCKHOLM.add(utc(opened), 4 * HOUR) == utc("2026-11-23T11:00")
        assert STOCKHOLM.elapsed(utc(opened), utc("2026-11-23T11:00")) == 4 * HOUR
        assert STOCKHOLM.next_open(utc(opened)) == utc("2026-11-23T07:00")
    assert STOCKHOLM.add(utc("2026-11-20T11:30"), HOUR) == utc("2026-11-20T13:00")  # opened in the lunch break


def test_s15_a_date_that_does_not_exist_has_no_hours() -> None:
    apia = WorkingCalendar("Pacific/Apia", tuple((day, 480, 1020) for day in range(7)))
    start = utc("2011-12-29T18:00")  # Thursday 29 December 08:00; Friday 30 is skipped
    assert apia.add(start, 18 * HOUR) == utc("2011-12-31T03:00")  # Saturday 17:00, 14 hours ahead
    only_friday = WorkingCalendar("Pacific/Apia", (), {date(2011, 12, 30): ((0, 1440),)})
    assert only_friday.elapsed(start - timedelta(days=3), start + timedelta(days=3)) == timedelta()


def test_s15_half_an_hour_of_summer_time() -> None:
    lord_howe = WorkingCalendar("Australia/Lord_Howe", ((6, 60, 180),))  # Sunday 01 to 03
    assert lord_howe.elapsed(utc("2026-04-04T10:00"), utc("2026-04-05T10:00")) == timedelta(hours=2, minutes=30)
    assert lord_howe.elapsed(utc("2026-10-03T10:00"), utc("2026-10-04T10:00")) == timedelta(hours=1, minutes=30)


def test_s15_two_hours_and_negative_saving() -> None:
    troll = WorkingCalendar("Antarctica/Troll", ((6, 0, 240),))
    assert troll.elapsed(utc("2026-03-28T12:00"), utc("2026-03-29T12:00")) == 2 * HOUR
    assert troll.elapsed(utc("2026-10-24T12:00"), utc("2026-10-25T12:00")) == 6 * HOUR
    dublin = WorkingCalendar("Europe/Dublin", NIGHT)
    assert dublin.elapsed(utc("2026-10-24T22:00"), utc("2026-10-25T07:00")) == 8 * HOUR


def test_s15_leap_day() -> None:
    assert STOCKHOLM.add(utc("2028-02-28T15:30"), HOUR) == utc("2028-02-29T07:30")
    leap_day_closed = WorkingCalendar("Europe/Stockholm", OFFICE, {date(2028, 2, 29): ()})
    assert leap_day_closed.add(utc("2028-02-28T15:30"), HOUR) == utc("2028-03-01T07:30")


def test_s15_an_offset_that_changes_in_the_last_half_hour_of_a_month() -> None:
    kathmandu = WorkingCalendar("Asia/Kathmandu", ALWAYS)
    assert kathmandu.elapsed(utc("1985-12-31T12:00"), utc("1986-01-01T12:00")) == 24 * HOUR
    new_year = WorkingCalendar("Asia/Kathmandu", (), {date(1986, 1, 1): ((0, 1440),)})  # it began at 00:15
    assert new_year.elapsed(utc("1985-12-30T00:00"), utc("1986-01-03T00:00")) == timedelta(hours=23, minutes=45)


def test_an_hour_that_ends_at_closing_is_due_at_closing() -> None:
    friday_four = utc("2026-11-20T15:00")
    assert STOCKHOLM.add(friday_four, HOUR) == utc("2026-11-20T16:00")
    assert not STOCKHOLM.is_open(utc("2026-11-20T16:00"))
    assert STOCKHOLM.is_open(utc("2026-11-20T07:00"))


def test_nothing_to_add_is_now() -> None:
    saturday = utc("2026-11-21T12:00")
    assert STOCKHOLM.add(saturday, timedelta()) == saturday
    assert STOCKHOLM.subtract(saturday, timedelta()) == saturday
    with pytest.raises(ValueError, match="cannot be negative"):
        STOCKHOLM.add(saturday, -HOUR)
    with pytest.raises(ValueError, match="cannot be negative"):
        STOCKHOLM.subtract(saturday, -HOUR)


def test_the_clock_says_when_it_next_stops() -> None:
    assert STOCKHOLM.next_close(utc("2026-11-20T09:00")) == utc("2026-11-20T11:00")  # lunch
    assert STOCKHOLM.next_close(utc("2026-11-20T11:00")) == utc("2026-11-20T16:00")
    assert STOCKHOLM.next_close(utc("2026-11-21T11:00")) == utc("2026-11-23T11:00")
    assert WorkingCalendar("UTC", always_open=True).next_close(utc("2026-11-20T09:00")) is None
    assert WorkingCalendar("Europe/Stockholm", ALWAYS).next_close(utc("2026-11-20T09:00")) is None


def test_exceptions_replace_the_hours_of_a_date() -> None:
    calendar = WorkingCalendar("Europe/Stockholm", OFFICE, {date(2026, 12, 24): (), date(2026, 12, 26): ((600, 720),)})
    assert list(calendar.open_between(utc("2026-12-24T00:00"), utc("2026-12-28T00:00"))) == [
        (utc("2026-12-25T07:00"), utc("2026-12-25T11:00")),
        (utc("2026-12-25T12:00"), utc("2026-12-25T16:00")),
        (utc("2026-12-26T09:00"), utc("2026-12-26T11:00")),
    ]


def test_open_stretches_join_across_midnight_and_the_end_of_the_month() -> None:
    nights = WorkingCalendar("UTC", NIGHT)
    assert list(nights.open_between(utc("2026-11-30T12:00"), utc("2026-12-01T12:00"))) == [
        (utc("2026-11-30T22:00"), utc("2026-12-01T06:00"))
    ]


def test_equal_hours_make_equal_calendars() -> None:
    one = WorkingCalendar(
        "UTC", ((1, 480, 600), (0, 600, 720), (0, 480, 600)), {date(2026, 1, 2): (), date(2026, 1, 1): ()}
    )
    two = WorkingCalendar("UTC", ((0, 480, 720), (1, 480, 600)), {date(2026, 1, 1): (), date(2026, 1, 2): ()})
    assert one == two
    assert hash(one) == hash(two)
    assert pickle.loads(pickle.dumps(one)) == copy.deepcopy(two) == one
    assert one != WorkingCalendar("UTC", ((0, 480, 720), (1, 480, 600)))


@pytest.mark.parametrize(
    ("weekly", "exceptions", "always_open", "message"),
    [
        (((0, 600, 500),), {}, False, "not 600 to 500"),
        (((0, 600, 600),), {}, False, "not 600 to 600"),
        (((0, 600, 1441),), {}, False, "not 600 to 1441"),
        (((0, -1, 600),), {}, False, "not -1 to 600"),
        (((7, 0, 600),), {}, False, "not 7"),
        ((), {date(2026, 1, 1): ((0, 1500),)}, False, "not 0 to 1500"),
        (OFFICE, {}, True, "always open"),
        ((), {date(2026, 1, 1): ()}, True, "always open"),
    ],
)
def test_impossible_hours_are_refused(
    weekly: Weekly, exceptions: dict[date, tuple[Interval, ...]], always_open: bool, message: str
) -> None:
    with pytest.raises(ValueError, match=message):
        WorkingCalendar("UTC", weekly, exceptions, always_open)
