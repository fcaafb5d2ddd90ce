"""Reactions after commit: at least once, once for effects in the database, put off when they fail, kept when dead."""

from collections.abc import Iterator
from contextlib import suppress
from datetime import timedelta
from typing import Any

import pytest

from accounts.queries import SYSTEM
from journal import commands as journal
from journal.commands.relay import relay_due, revive
from journal.models import Event, Heartbeat, Outbox
from journal.queries.outbox import dead, waiting_longer_than
from journal.units import current, door, savepoint
from kernel import reactions
from kernel.reactions import Fact, on
from tests.factories import NOON

pytestmark = pytest.mark.django_db
CODE = "test.happened"
LATER = NOON + timedelta(minutes=1)


@pytest.fixture
def heard() -> Iterator[list[Fact]]:
    """A reaction that notes an event of its own, and what it heard."""
    facts: list[Fact] = []

    @on(CODE)
    def hear(fact: Fact) -> None:
        facts.append(fact)
        journal.note(("ear", 1), "test.heard", actor=SYSTEM, at=fact.at, of=fact.event_id)
        if fact.data.get("fails"):
            raise RuntimeError("the other side is away")

    yield facts
    reactions._table.pop((CODE, reactions.When.AFTER_COMMIT))


def happen(**data: Any) -> Event:
    with door(SYSTEM):
        return journal.note(("thing", 7), CODE, actor=SYSTEM, at=NOON, **data)


def test_a_reaction_is_told_and_its_row_goes_with_the_effect(heard: list[Fact]) -> None:
    event = happen(size=3)
    assert relay_due(LATER, actor=SYSTEM) == 1
    assert relay_due(LATER, actor=SYSTEM) == 0
    (fact,) = heard
    assert (fact.code, fact.subject_kind, fact.subject_id, fact.event_id, fact.subject) == (
        CODE, "thing", 7, event.pk, None,
    )  # fmt: skip
    assert fact.data == {"size": 3}
    assert Event.objects.filter(code="test.heard").count() == 1
    assert not Outbox.objects.exists()


def test_a_failure_takes_its_effect_back_waits_longer_and_is_kept_when_it_is_given_up(heard: list[Fact]) -> None:
    happen(fails=True)
    at = LATER
    for attempt in range(1, 9):
        assert relay_due(at, actor=SYSTEM) == 1
        assert relay_due(at + timedelta(seconds=2**attempt - 1), actor=SYSTEM) == 0
        at += timedelta(seconds=2**attempt)
    (row,) = dead()
    assert row.error == "RuntimeError: the other side is away"
    assert not Event.objects.filter(code="test.heard").exists()
    assert relay_due(at + timedelta(days=1), actor=SYSTEM) == 0
    assert revive(row.pk, at=at)
    assert relay_due(at, actor=SYSTEM) == 1


def test_one_that_fails_holds_up_no_other(heard: list[Fact]) -> None:
    happen(fails=True)
    happen()
    relay_due(LATER, actor=SYSTEM)
    assert [row.attempts for row in Outbox.objects.all()] == [1]
    assert Event.objects.filter(code="test.heard").count() == 1


def test_a_reaction_that_is_gone_is_kept_as_dead() -> None:
    @on(CODE)
    def gone(fact: Fact) -> None:
        raise AssertionError("never called")

    happen()
    reactions._table.pop((CODE, reactions.When.AFTER_COMMIT))
    relay_due(LATER, actor=SYSTEM)
    assert [row.error for row in dead()] == ["There is no such reaction any more."]


def test_a_lease_keeps_others_away_until_it_runs_out(heard: list[Fact]) -> None:
    happen()
    Outbox.objects.update(leased_until=LATER + timedelta(seconds=60), attempts=1)
    assert relay_due(LATER, actor=SYSTEM) == 0
    assert waiting_longer_than(30, LATER) == 1
    assert relay_due(LATER + timedelta(seconds=61), actor=SYSTEM) == 1
    assert len(heard) == 1


def test_a_savepoint_that_fails_inside_a_reaction_takes_only_its_part_back() -> None:
    with door(SYSTEM):
        journal.note(("thing", 7), "test.kept", actor=SYSTEM, at=NOON)
        with suppress(RuntimeError), savepoint():
            journal.note(("thing", 7), "test.lost", actor=SYSTEM, at=NOON)
            raise RuntimeError
    assert list(Event.objects.values_list("code", flat=True)) == ["test.kept"]


def test_a_period_is_claimed_once() -> None:
    day = timedelta(days=1)
    answers = [journal.claim("sweep:audit", at=at, every=day) for at in (NOON, NOON, NOON + day, NOON + day)]
    assert answers == [True, False, True, False]
    journal.beat("engine:sweep", at=NOON, lag_seconds=0.5)
    journal.beat("engine:sweep", at=LATER, lag_seconds=0.1)
    assert Heartbeat.objects.get(component="engine:sweep").at == LATER


def test_reactions_that_lock_nothing_share_a_door_and_one_that_fails_keeps_none_of_the_others() -> None:
    units: list[object] = []

    @on(CODE, is_lockless=True, never=("test.other",))
    def tell(fact: Fact) -> None:
        units.append(current())
        journal.note(("ear", 1), "test.heard", actor=SYSTEM, at=fact.at, of=fact.event_id)
        if fact.data.get("fails"):
            raise RuntimeError("the other side is away")

    try:
        for _each in range(3):
            happen()
        assert relay_due(LATER, actor=SYSTEM) == 3
        assert len({id(unit) for unit in units}) == 1
        assert Event.objects.filter(code="test.heard").count() == 3
        happen()
        happen(fails=True)
        happen()
        assert relay_due(LATER, actor=SYSTEM) == 3
        assert Event.objects.filter(code="test.heard").count() == 5
        assert [(row.attempts, row.error) for row in Outbox.objects.all()] == [
            (1, "RuntimeError: the other side is away")
        ]
    finally:
        reactions._table.pop((CODE, reactions.When.AFTER_COMMIT))
