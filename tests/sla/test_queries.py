"""Clocks as pages and API show them: one state by precedence, working time left, when the clock stops."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from records.models import Record
from sla.queries import ClockRow, clocks_for
from tests.sla.rooms import always, move, office, open_at, pause, respond, target, utc

pytestmark = pytest.mark.django_db


def row(record: Record, at: str) -> ClockRow:
    (found,) = clocks_for([record.pk], at=utc(at))[record.pk]
    return found


def test_a_running_clock_counts_working_time_and_says_when_it_stops() -> None:
    target(office(), 8 * 60)
    record = open_at(utc("2026-03-04 07:00"))
    morning = row(record, "2026-03-04 10:00")
    assert (morning.state, morning.left, morning.used_percent) == ("ok", 5 * 3600, 37)
    assert (morning.stops_at, morning.opens_at) == (utc("2026-03-04 11:00"), None)
    lunch = row(record, "2026-03-04 11:30")
    assert (lunch.left, lunch.stops_at, lunch.opens_at) == (
        4 * 3600, utc("2026-03-04 11:30"), utc("2026-03-04 12:00"),
    )  # fmt: skip
    assert row(record, "2026-03-04 14:00").state == "risk"
    late = row(record, "2026-03-05 08:30")
    assert (late.state, late.left, late.is_breached) == ("breach", -90 * 60, True)
    assert late.face.is_running


def test_a_clock_that_never_closes_never_stops() -> None:
    target(always(), 60)
    found = row(open_at(utc("2026-03-04 07:00")), "2026-03-04 07:30")
    assert (found.stops_at, found.opens_at) == (None, None)


def test_paused_is_shown_with_its_reason_and_hides_no_breach_and_no_risk() -> None:
    target(always(), 100)
    pause("user")
    early, soon, late = (open_at(utc("2026-03-04 07:00")) for _each in range(3))
    for record, at in ((early, "07:30"), (soon, "08:20"), (late, "08:50")):
        move(record, "hold", utc(f"2026-03-04 {at}"), "user")
    states = [row(record, "2026-03-04 12:00") for record in (early, soon, late)]
    assert [each.state for each in states] == ["paused", "risk", "breach"]
    assert [each.left for each in states] == [70 * 60, 20 * 60, -10 * 60]
    assert {each.reason for each in states} == {"waiting for the user"}
    assert not any(each.face.is_running for each in states)


def test_a_stopped_clock_was_met_or_broken() -> None:
    calendar = always()
    target(calendar, 15, "response")
    target(calendar, 60)
    record = open_at(utc("2026-03-04 07:00"))
    respond(record, utc("2026-03-04 07:20"))
    move(record, "resolve", utc("2026-03-04 07:50"))
    response, resolution = clocks_for([record.pk], at=utc("2026-03-05 07:00"))[record.pk]
    assert (response.metric, response.state, response.left) == ("response", "breach", None)
    assert (resolution.metric, resolution.state, resolution.used_percent) == ("resolution", "met", 83)


def test_any_number_of_records_costs_one_statement() -> None:
    calendar = office()
    target(calendar, 15, "response")
    target(calendar, 60)
    records = [open_at(utc("2026-03-04 07:00")) for _each in range(5)]
    for some in (records[:1], records):
        with CaptureQueriesContext(connection) as asked:
            clocks_for([record.pk for record in some], at=utc("2026-03-04 08:00"))
        assert len(asked) == 1
