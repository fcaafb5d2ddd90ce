"""Many at once, real threads on PostgreSQL: one owner each, limits kept, no deadlock (RELIABILITY 3)."""

import threading
from collections import Counter
from collections.abc import Callable, Iterator
from datetime import timedelta

import pytest
from django.db import connection

from accounts.queries import SYSTEM, forget_settings
from coordination import commands as work
from coordination.commands.pick import NothingForYou
from coordination.models import Ranking, WorkItem
from journal.models import Event
from journal.units import door
from kernel.errors import Conflict
from records import commands as records
from tests.coordination.arrange import FLOW, again, many, offer, set_limits, technician
from tests.factories import NOON, make_team

pytestmark = pytest.mark.django_db(transaction=True)
LATER = NOON + timedelta(minutes=10)


@pytest.fixture(autouse=True)
def fresh_settings() -> Iterator[None]:
    yield
    forget_settings()


def at_once(*jobs: Callable[[], None]) -> list[BaseException]:
    """Run the jobs in threads that start together; returns what they raised besides refusals."""
    barrier = threading.Barrier(len(jobs))
    faults: list[BaseException] = []

    def run(job: Callable[[], None]) -> None:
        try:
            barrier.wait(timeout=20)
            job()
        except Exception as fault:  # noqa: BLE001  # the test judges every fault
            faults.append(fault)
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(job,)) for job in jobs]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=110)
    return faults


@pytest.mark.slow
def test_eight_pick_a_thousand_and_each_has_one_owner() -> None:
    set_limits(work_in_progress=2000)
    team = make_team()
    many(1000, team=team)
    people = [technician(team=team) for _number in range(8)]
    got: Counter[int] = Counter()

    def picker(number: int) -> Callable[[], None]:
        def pick() -> None:
            actor = people[number][1]
            while True:
                try:
                    with door(actor):
                        picked = work.pick_next(actor=actor, at=LATER)
                except NothingForYou:
                    return
                got[picked.work_item.pk] += 1

        return pick

    assert at_once(*(picker(number) for number in range(8))) == []
    assert (len(got), set(got.values())) == (1000, {1})
    assert WorkItem.objects.filter(state="in_progress", assignee__isnull=False).count() == 1000
    assert Event.objects.filter(code="work.picked").count() == 1000
    assert Ranking.objects.count() == 0


def test_one_person_in_many_windows_never_gets_more_than_the_places() -> None:
    team = make_team()
    many(30, team=team)
    user, actor = technician(team=team)

    def pick() -> None:
        for _attempt in range(3):
            try:
                with door(actor):
                    work.pick_next(actor=actor, at=LATER)
            except Conflict:
                continue

    assert at_once(*[pick] * 8) == []
    assert WorkItem.objects.filter(assignee=user).count() == 3


def test_assigning_at_once_never_fills_more_than_the_hours() -> None:
    set_limits(work_in_progress=100)
    items = many(16, minutes=10 * 60)
    user, _actor = technician()
    _agent, coordinator = technician(role="agent")

    def assigner(item: WorkItem) -> Callable[[], None]:
        def assign() -> None:
            try:
                with door(coordinator):
                    work.assign(again(item), user, actor=coordinator, at=LATER)
            except Conflict:
                return

        return assign

    assert at_once(*(assigner(item) for item in items)) == []
    assert WorkItem.objects.filter(assignee=user).count() == 4  # 40 hours in five working days


def test_taking_one_at_once_has_one_winner_and_the_others_are_told_who() -> None:
    item = offer()
    people = [technician() for _number in range(8)]
    told: list[str] = []

    def taker(number: int) -> Callable[[], None]:
        def take() -> None:
            try:
                with door(people[number][1]):
                    work.take(again(item), actor=people[number][1], at=LATER)
            except Conflict as refused:
                told.append(refused.message)

        return take

    assert at_once(*(taker(number) for number in range(8))) == []
    winner = again(item).assignee
    assert winner is not None
    assert len(told) == 7
    assert all(winner.name in message for message in told)


def test_picking_while_records_are_resolved_leaves_nothing_half_done() -> None:
    set_limits(work_in_progress=1000)
    team = make_team()
    items = many(60, team=team)
    people = [technician(team=team) for _number in range(3)]

    def picker(number: int) -> Callable[[], None]:
        def pick() -> None:
            for _attempt in range(30):
                try:
                    with door(people[number][1]):
                        work.pick_next(actor=people[number][1], at=LATER)
                except Conflict:
                    continue

        return pick

    def resolve() -> None:
        for item in items:
            record = again(item).record
            with door(SYSTEM):
                at = records.lock(record, at=LATER)
                records.move(record, FLOW, "end", actor=SYSTEM, at=at)
                work.finish(record, actor=SYSTEM, at=at)

    assert at_once(resolve, *(picker(number) for number in range(3))) == []
    assert WorkItem.objects.exclude(state="done").count() == 0
    assert Ranking.objects.count() == 0
    ends = Event.objects.filter(code="work.finished").values_list("subject_id", flat=True)
    assert len(ends) == len(set(ends)) == 60


def test_majors_that_park_each_others_work_do_not_deadlock() -> None:
    """Each person holds what another's major incident would have to park; records are never waited for out of order."""
    team = make_team()
    people = [technician(team=team) for _number in range(4)]
    for _user, actor in people:
        item = offer(team=team)
        with door(actor):
            work.take(item, actor=actor, at=LATER)
    majors = [offer("major", team=team, priority=1, is_major=True) for _number in range(12)]

    def mover(number: int) -> Callable[[], None]:
        def move() -> None:
            user, actor = people[number % 4]
            for major in majors[number % 2 :: 2]:
                try:
                    with door(SYSTEM):
                        work.assign(again(major), user, actor=SYSTEM, at=LATER)
                    with door(actor):
                        work.hand_back(again(major), reason="other", actor=actor, at=LATER)
                    with door(SYSTEM):
                        work.return_parked(major.pk, actor=SYSTEM, at=LATER)
                except Conflict:
                    continue

        return move

    assert [fault for fault in at_once(*(mover(number) for number in range(8))) if "deadlock" in str(fault)] == []


def test_sweeping_ranks_while_work_is_picked() -> None:
    set_limits(work_in_progress=1000)
    team = make_team()
    many(60, team=team)
    Ranking.objects.update(next_rank_at=NOON)
    _user, actor = technician(team=team)

    def pick() -> None:
        for _attempt in range(60):
            try:
                with door(actor):
                    work.pick_next(actor=actor, at=LATER)
            except Conflict:
                return

    def sweep() -> None:
        for _attempt in range(10):
            with door(SYSTEM):
                work.sweep(actor=SYSTEM, at=LATER)

    assert at_once(pick, sweep, sweep) == []
    assert Ranking.objects.count() == 0
