"""Keyset paging against the database: every row once, in order, both ways, nulls last."""

from datetime import timedelta
from itertools import pairwise

import pytest
from django.db.models import QuerySet

from accounts.models import User
from kernel.paging import Key, decode, encode, page_of
from tests.factories import NOON, make_user

KEYS = {
    "ascending": [Key("last_login", is_nullable=True), Key("id")],
    "descending": [Key("last_login", is_descending=True, is_nullable=True), Key("id", is_descending=True)],
    "mixed": [Key("language"), Key("last_login", is_descending=True, is_nullable=True), Key("id")],
}


@pytest.fixture
def people(db: None) -> QuerySet[User]:
    """Eleven people: equal times, no times, two languages."""
    logins = [NOON, None, NOON, NOON + timedelta(hours=1), None, NOON - timedelta(days=1), NOON, None]
    logins += [NOON + timedelta(hours=1), NOON + timedelta(microseconds=1), None]
    ids = [
        make_user(last_login=at, language="sv" if n % 3 else "en").pk for n, at in enumerate(logins)
    ]  # fmt: skip
    return User.objects.filter(pk__in=ids)


def expected(people: QuerySet[User], name: str) -> list[int]:
    """The order by Python's own sorting."""

    def rank(person: User) -> tuple[object, ...]:
        at = person.last_login
        seconds = 0.0 if at is None else at.timestamp()
        return {
            "ascending": (at is None, seconds, person.pk),
            "descending": (at is None, -seconds, -person.pk),
            "mixed": (person.language, at is None, -seconds, person.pk),
        }[name]

    return [person.pk for person in sorted(people, key=rank)]


@pytest.mark.parametrize("name", KEYS)
@pytest.mark.parametrize("size", [1, 2, 3, 10, 11, 12])
def test_forward_then_back(people: QuerySet[User], name: str, size: int) -> None:
    order, keys = expected(people, name), KEYS[name]
    pages = [page_of(people, keys, size=size)]
    while pages[-1].older:
        pages.append(page_of(people, keys, cursor=pages[-1].older, size=size))
    assert [row.pk for page in pages for row in page.rows] == order
    assert [bool(page.newer) for page in pages] == [n > 0 for n in range(len(pages))]
    for before, after in pairwise(pages):
        back = page_of(people, keys, cursor=after.newer, is_backwards=True, size=size)
        assert [row.pk for row in back.rows] == [row.pk for row in before.rows]
        assert back.older
    first = page_of(people, keys, cursor=pages[min(1, len(pages) - 1)].newer, is_backwards=True, size=size)
    assert first.newer == ""


def test_one_statement_a_page(people: QuerySet[User], django_assert_num_queries: pytest.FixtureRequest) -> None:
    older = page_of(people, KEYS["mixed"], size=3).older
    with django_assert_num_queries(1):  # type: ignore[operator]  # pytest-django's fixture is a context manager
        page_of(people, KEYS["mixed"], cursor=older, size=3)


def test_nothing_found(people: QuerySet[User]) -> None:
    page = page_of(people.filter(pk=0), KEYS["mixed"])
    assert (page.rows, page.newer, page.older) == ([], "", "")


def test_a_cursor_keeps_its_values() -> None:
    values = [NOON, None, 7, "å"]
    assert decode(encode(values), 4) == values


FOREIGN = ["x", "bm9wZQ", "é", "W10", encode([1]), encode([{"nope": 1}, 2]), encode(["a\0", 1])]
FOREIGN += [encode(["yesterday", 1]), encode([NOON, "first"]), encode([[1], [2]]), encode([True, 10**30])]


@pytest.mark.parametrize("cursor", FOREIGN)
def test_a_cursor_of_something_else_shows_the_first_page(people: QuerySet[User], cursor: str) -> None:
    first = page_of(people, KEYS["ascending"], size=3)
    assert page_of(people, KEYS["ascending"], cursor=cursor, size=3) == first
    assert page_of(people, KEYS["ascending"], cursor=cursor, is_backwards=True, size=3) == first
