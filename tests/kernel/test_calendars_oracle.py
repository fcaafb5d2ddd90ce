"""The engine against a minute-by-minute walk, and proof that the walk catches wrong engines."""

from collections.abc import Callable
from datetime import UTC, datetime, timedelta
from random import Random

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.kernel import oracle
from tests.kernel.engines import MINUTE, WRONG_ENGINES, calendar_of, due, few
from tests.kernel.oracle import Case, random_case

cases = st.randoms(use_true_random=False).map(random_case)


@settings(few, max_examples=120)
@given(cases)
def test_due_is_where_the_minute_by_minute_walk_ends(case: Case) -> None:
    assert due(case) == oracle.due(case)


@few
@given(cases)
def test_elapsed_counts_the_minutes_of_the_walk(case: Case) -> None:
    case = case._replace(pauses=())
    end = case.start + 3 * case.amount
    assert calendar_of(case).elapsed(case.start, end) == oracle.elapsed(case, end)


@few
@given(cases)
def test_subtract_is_where_the_walk_backwards_ends(case: Case) -> None:
    case = case._replace(pauses=())
    assert calendar_of(case).subtract(case.start, case.amount) == oracle.warn(case)


@settings(few, max_examples=15)
@given(st.sampled_from(oracle.TURNS), st.integers(-3600, 600), st.integers(0, 1800))
def test_seconds_are_counted_not_rounded(turn: tuple[str, str], second: int, amount: int) -> None:
    start = datetime.fromisoformat(turn[1]).replace(tzinfo=UTC) + timedelta(seconds=second)
    case = Case(turn[0], oracle.HALF_HOURS, {}, start, timedelta(seconds=amount))
    assert due(case) == oracle.due(case, step=timedelta(seconds=1))


@few
@given(cases)
def test_opening_and_closing_are_where_the_wall_clock_says(case: Case) -> None:
    calendar, case = calendar_of(case), case._replace(pauses=())
    assert calendar.is_open(case.start) is oracle.open_at(case, case.start)
    opened = calendar.next_open(case.start)
    assert oracle.open_at(case, opened)
    assert opened == case.start or not oracle.open_at(case, opened - MINUTE)
    assert calendar.elapsed(case.start, opened) == timedelta()
    closed = calendar.next_close(case.start)
    if closed is not None:
        assert not oracle.open_at(case, closed)
        assert oracle.open_at(case, closed - MINUTE)
        assert calendar.elapsed(opened, closed) == closed - opened


@pytest.mark.parametrize("wrong", WRONG_ENGINES, ids=lambda engine: engine.__name__)
def test_the_walk_catches_a_wrong_engine(wrong: Callable[[Case], datetime]) -> None:
    rng = Random(1)
    caught = 0
    for _ in range(400):
        case = random_case(rng)
        caught += wrong(case) != oracle.due(case)
        if caught == 3:
            return
    pytest.fail(f"{wrong.__name__} was caught {caught} times in 400 cases; the check is too weak")
