"""Two people at the same moment, with real connections: one outcome, nothing lost, no deadlock."""

import threading
from collections.abc import Callable
from typing import Any

import pytest
from django.db import connection

from accounts.queries import actor_for
from journal.models import Event
from journal.units import door
from kernel.errors import Conflict, Refused, Stale
from records import commands as records
from records.models import Comment, Record
from tests.factories import make_user
from tests.records.flow import opened

pytestmark = pytest.mark.django_db(transaction=True)


def together(*works: Callable[[], Any]) -> list[Any]:
    """Run each in a thread with its own connection, started at once; results or refusals in order."""
    start = threading.Barrier(len(works))
    results: list[Any] = [None] * len(works)

    def run(place: int, work: Callable[[], Any]) -> None:
        start.wait()
        try:
            results[place] = work()
        except Refused as refused:
            results[place] = refused
        finally:
            connection.close()

    threads = [threading.Thread(target=run, args=(place, work)) for place, work in enumerate(works)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join(timeout=60)
    return results


def test_two_edits_of_one_field_give_exactly_one_conflict() -> None:
    people = [actor_for(make_user("agent")) for _ in range(6)]
    record = opened(people[0])

    def edit(place: int) -> Callable[[], Any]:
        def work() -> Any:
            mine = Record.objects.get(pk=record.pk)
            with door(people[place]) as at:
                return records.edit_fields(mine, seen={"title": "VPN drops"}, values={"title": f"Title {place}"},
                                           allowed=("title",), actor=people[place], at=at)  # fmt: skip

        return work

    results = together(*(edit(place) for place in range(6)))
    assert [isinstance(each, Stale) for each in results].count(True) == 5
    won = next(place for place, each in enumerate(results) if isinstance(each, records.Edited))
    assert Record.objects.get(pk=record.pk).title == f"Title {won}"


def test_edits_of_different_fields_all_stay() -> None:
    people = [actor_for(make_user("agent")) for _ in range(3)]
    record = opened(people[0])
    wanted = [("title", "New"), ("description", "Words"), ("priority", 1)]
    old = {"title": "VPN drops", "description": "", "priority": 3}

    def edit(place: int) -> Callable[[], Any]:
        name, value = wanted[place]

        def work() -> Any:
            mine = Record.objects.get(pk=record.pk)
            with door(people[place]) as at:
                return records.edit_fields(mine, seen={name: old[name]}, values={name: value}, allowed=tuple(old),
                                           actor=people[place], at=at)  # fmt: skip

        return work

    assert all(isinstance(each, records.Edited) for each in together(*(edit(place) for place in range(3))))
    stored = Record.objects.get(pk=record.pk)
    assert (stored.title, stored.description, stored.priority, stored.version) == ("New", "Words", 1, 4)


def test_a_comment_meets_a_merge_and_no_word_is_lost() -> None:
    li, jo = actor_for(make_user("agent")), actor_for(make_user("agent"))
    for _round in range(5):
        kept, duplicate = opened(li), opened(li)

        def comment(number: int = duplicate.pk) -> Comment:
            mine = Record.objects.get(pk=number)
            with door(jo) as at:
                return records.comment(mine, body="words", is_public=False, actor=jo, at=at)

        def merge(one: int = duplicate.pk, other: int = kept.pk) -> None:
            with door(li) as at:
                records.merge_into(Record.objects.get(pk=one), Record.objects.get(pk=other), actor=li, at=at)

        said, merged = together(comment, merge)
        assert merged is None
        if isinstance(said, Conflict):
            assert said.facts == {"into": kept.number}
        else:
            assert Comment.objects.filter(record=duplicate, pk=said.pk).exists()


def test_merges_in_a_circle_end_without_deadlock() -> None:
    agent = actor_for(make_user("agent"))
    trio = [opened(agent) for _ in range(3)]

    def merge(one: Record, other: Record) -> Callable[[], Any]:
        def work() -> None:
            with door(agent) as at:
                records.merge_into(Record.objects.get(pk=one.pk), Record.objects.get(pk=other.pk), actor=agent, at=at)

        return work

    results = together(*(merge(trio[place], trio[(place + 1) % 3]) for place in range(3)))
    assert all(each is None or isinstance(each, Conflict) for each in results)
    chain = {row.pk: row.merged_into_id for row in Record.objects.filter(pk__in=[each.pk for each in trio])}
    assert any(into is None for into in chain.values())
    for start in chain:
        seen: set[int] = set()
        here: int | None = start
        while here is not None:
            assert here not in seen
            seen.add(here)
            here = chain[here]


def test_many_comments_at_once_keep_one_chain() -> None:
    people = [actor_for(make_user("agent")) for _ in range(6)]
    record = opened(people[0])

    def comment(place: int) -> Callable[[], Any]:
        def work() -> Any:
            mine = Record.objects.get(pk=record.pk)
            with door(people[place]) as at:
                return records.comment(mine, body=f"{place}", is_public=True, actor=people[place], at=at)

        return work

    assert all(isinstance(each, Comment) for each in together(*(comment(place) for place in range(6))))
    seqs = list(Event.objects.filter(subject_id=record.pk, subject_kind="incident").order_by("seq").values_list("seq"))
    assert [seq for (seq,) in seqs] == list(range(1, 9))
