"""The order of the queue is explained, deterministic and fair (DEMAND D1, ARCHITECTURE 6)."""

import dataclasses
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from coordination.ranking import Facts, Harm, Rules, difference, faults, harm_of, rank

NOON = datetime(2026, 3, 4, 11, 0, tzinfo=UTC)
RULES = Rules()

instants = st.integers(-40_000, 40_000).map(lambda minutes: NOON + timedelta(minutes=minutes))
harms = st.builds(
    Harm,
    services=st.integers(0, 40),
    prioritised=st.integers(0, 5),
    people=st.integers(0, 9000),
    names=st.just(("mail",)),
)
facts = st.builds(
    Facts,
    priority=st.integers(1, 4),
    offered_at=instants.filter(lambda at: at <= NOON),
    risk_at=st.none() | st.lists(instants, min_size=5, max_size=5).map(lambda found: tuple(sorted(found))),
    harm=harms,
    is_major=st.booleans(),
    is_vip=st.booleans(),
    boosts=st.lists(st.tuples(st.integers(-100, 100), instants), max_size=3).map(tuple),
)


@given(facts)
def test_the_score_is_the_sum_of_at_most_six_parts_that_are_shown(known: Facts) -> None:
    found = rank(known, RULES, NOON)
    assert found.score == sum(part.points for part in found.parts)
    assert len(found.parts) == len({part.name for part in found.parts}) <= 6
    assert all(part.points for part in found.parts)


@given(st.lists(facts, max_size=8), st.randoms())
def test_the_same_facts_give_the_same_order(known: list[Facts], random: object) -> None:
    def order(some: list[tuple[int, Facts]]) -> list[int]:
        return [pk for pk, _facts in sorted(some, key=lambda each: (-rank(each[1], RULES, NOON).score, each[0]))]

    numbered = list(enumerate(known))
    mixed = list(numbered)
    random.shuffle(mixed)  # type: ignore[attr-defined]  # hypothesis gives a random.Random
    assert order(numbered) == order(mixed)


@given(facts)
def test_a_rank_stays_true_until_its_next_instant_and_changes_no_earlier(known: Facts) -> None:
    found = rank(known, RULES, NOON)
    before = found.next_at - timedelta(microseconds=1) if found.next_at else NOON + timedelta(days=400)
    if before > NOON:
        assert rank(known, RULES, before).parts == found.parts


@given(facts, harms.filter(lambda harm: harm.services > 0))
def test_a_late_p4_never_outranks_a_fresh_p1_that_stops_services(late: Facts, harm: Harm) -> None:
    late = dataclasses.replace(late, priority=4, is_major=False, boosts=())
    fresh = Facts(priority=1, offered_at=NOON, harm=harm)
    assert rank(late, RULES, NOON).score < rank(fresh, RULES, NOON).score


@given(facts, st.integers(0, 300))
def test_waiting_never_lowers_a_rank(known: Facts, hours: int) -> None:
    known = dataclasses.replace(known, boosts=())
    assert rank(known, RULES, NOON + timedelta(hours=hours)).score >= rank(known, RULES, NOON).score


def test_the_example_of_a_broken_promise_adds_up() -> None:
    known = Facts(
        priority=1, offered_at=NOON - timedelta(hours=2), risk_at=(NOON,) * 5,
        harm=Harm(services=3, people=0, names=("payroll", "vpn", "mail")), is_major=True,
    )  # fmt: skip
    found = rank(known, RULES, NOON)
    assert [(part.name, part.points) for part in found.parts] == [
        ("risk", 400), ("priority", 300), ("harm", 120), ("waiting", 10), ("activation", 100),
    ]  # fmt: skip
    assert found.score == 930


@pytest.mark.parametrize(("used", "points"), [(0, 0), (1, 18), (2, 36), (3, 66), (4, 90), (5, 120)])
def test_risk_of_a_p4_grows_in_steps_to_its_cap(used: int, points: int) -> None:
    moments = tuple(NOON + timedelta(hours=number) for number in range(1, 6))
    at = NOON + timedelta(hours=used)
    found = rank(Facts(priority=4, offered_at=at, risk_at=moments), RULES, at)
    assert found.score == points
    assert found.next_at == min(at + timedelta(hours=1 if used < 5 else 2), at + timedelta(hours=2))


def test_boosts_add_up_within_a_hundred_and_expire() -> None:
    soon, later = NOON + timedelta(hours=1), NOON + timedelta(hours=5)
    known = Facts(priority=4, offered_at=NOON, boosts=((80, later), (60, soon), (100, NOON)))
    assert (rank(known, RULES, NOON).score, rank(known, RULES, NOON).next_at) == (100, soon)
    assert rank(dataclasses.replace(known, offered_at=soon), RULES, soon).score == 80


def test_rules_that_would_break_the_promise_are_found() -> None:
    assert faults(RULES) == []
    assert faults(Rules(priority_points=(200, 200, 100, 0))) == ["late_p4_below_fresh_p1"]
    assert faults(Rules(risk_shares=(30, 15, 55, 75, 100))) == ["five_steps"]
    assert faults(Rules(risk_caps=(400, 300, 200))) == ["four_priorities", "late_p4_below_fresh_p1"]
    assert faults(Rules(vip=-1)) == ["not_negative"]


def test_harm_is_read_back_from_stored_parts_and_two_rows_are_compared() -> None:
    harm = Harm(services=4, prioritised=1, people=250, names=("a", "b", "c"))
    one = [part.as_json() for part in rank(Facts(priority=1, offered_at=NOON, harm=harm), RULES, NOON).parts]
    other = [part.as_json() for part in rank(Facts(priority=2, offered_at=NOON), RULES, NOON).parts]
    assert harm_of(one) == harm
    assert harm_of(other) == Harm()
    assert difference(one, other) == [("harm", 150), ("priority", 100)]
    assert difference(other, other) == []
