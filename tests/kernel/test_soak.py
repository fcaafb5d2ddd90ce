"""The engine against the oracle at length, in `make soak`: 200,000 cases, each run with a seed of its own."""

from random import Random

import pytest

from tests.kernel.oracle import TURNS, random_case
from tests.kernel.soak import turns_of_all_zones, wrong

CASES, RUNS = 10_000, 18
IN_ALL_ZONES = 20_000

pytestmark = [pytest.mark.soak, pytest.mark.timeout(3600)]


@pytest.mark.parametrize("seed", range(1, RUNS + 1))
def test_around_changes_of_offset(seed: int) -> None:
    chance = Random(seed)
    assert [problem for _ in range(CASES) if (problem := wrong(random_case(chance, TURNS)))] == []


def test_around_every_change_of_offset_of_every_zone() -> None:
    """Finding the changes of twenty years in 600 zones takes most of the time."""
    turns, chance = turns_of_all_zones(2005, 2027), Random(1)
    assert len({name for name, _turn in turns}) > 300
    assert [problem for _ in range(IN_ALL_ZONES) if (problem := wrong(random_case(chance, turns)))] == []
