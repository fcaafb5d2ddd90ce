"""Every address × everybody × every relation answers what the reviewed table says, and nothing more (X3)."""

import os
from collections.abc import Iterator
from typing import Any

import pytest
from django.core.cache import cache
from django.urls import reverse

from accounts.doors import LIBRARY_ROUTES
from tests.authz import matrix
from tests.authz.asking import DENIED, Seen, ask, relations, unknown_arguments
from tests.authz.base import CONFIDENTIAL, FOREIGN, NO_OBJECT, NONEXISTENT
from tests.authz.principals import ALL, ANONYMOUS, NOT_ASKED, Asked
from tests.authz.routes import Route, routes
from tests.authz.world import build

OBSERVE = "SPINDEL_AUTHZ_OBSERVE" in os.environ
AGAIN = tuple(os.environ.get("SPINDEL_AUTHZ_OBSERVE", "").split())
CLOSED = {
    "account_confirm_email",
    "account_confirm_login_code",
    "account_email",
    "account_email_verification_sent",
    "account_set_password",
    "account_signup",
}
"""Addresses of the sign-in library that stay closed; everything of ours must be open to somebody."""


@pytest.fixture(autouse=True)
def _unhurried(monkeypatch: pytest.MonkeyPatch) -> Iterator[None]:
    monkeypatch.setattr("accounts.rest.throttling.CallerThrottle.THROTTLE_RATES", {"caller": "1000000/min"})
    cache.clear()
    yield
    cache.clear()


def open_routes() -> list[Route]:
    return [route for route in routes() if route.is_open]


def cells(route: Route) -> list[tuple[str, str]]:
    return [(method, relation) for method in route.methods for relation in relations(route)]


def wanted() -> set[matrix.Key]:
    """Every row that the table must hold."""
    return {(route.label, method, relation) for route in open_routes() for method, relation in cells(route)}


def asked_routes(table: dict[matrix.Key, dict[str, str]]) -> list[Route]:
    """All of them; while rows are written, only those to be asked again and those that lack a row."""
    missing = {key[0] for key in wanted() - set(table)}
    return [each for each in open_routes() if not OBSERVE or each.label in missing or each.label.startswith(AGAIN)]


def test_every_address_is_in_the_table_and_every_row_is_an_address() -> None:
    listed = set(matrix.load())
    if OBSERVE:
        return
    assert sorted(wanted() - listed) == [], "missing: `python -m tests.authz` writes these rows with what it sees"
    assert sorted(listed - wanted()) == [], "dead rows: take them out of matrix.csv"


def test_the_world_knows_what_stands_in_every_address() -> None:
    assert unknown_arguments(open_routes()) == [], "say in ARGUMENTS of tests/authz/things.py what these are"


def test_only_the_listed_library_addresses_are_closed() -> None:
    assert {route.label for route in routes() if not route.is_open} == CLOSED


@pytest.mark.django_db
def test_closed_addresses_are_not_there(client: Any) -> None:
    for name in sorted(CLOSED - {"account_confirm_email"}):
        assert client.get(reverse(name)).status_code == 404, name


def test_no_row_expects_a_fault_of_the_server() -> None:
    assert [key for key, row in matrix.load().items() if any(cell.startswith("5") for cell in row.values())] == []


@pytest.mark.django_db
@pytest.mark.timeout(600)  # each asks some 850 times; on a busy machine that takes minutes
@pytest.mark.parametrize("principal", ALL)
def test_everybody_gets_what_the_table_says(principal: str) -> None:
    world, table = build(principal), matrix.load()
    faults: list[str] = []
    for route in asked_routes(table):
        if principal not in Asked(route.is_api).principals:
            continue
        for method in route.methods:
            seen = {relation: ask(world, route, method, relation) for relation in relations(route)}
            faults += [
                fault
                for relation, each in seen.items()
                for fault in _faults(table, route, method, relation, principal, each)
            ]
            faults += _told_apart(route, method, seen)
    assert faults == []


def _faults(table: Any, route: Route, method: str, relation: str, principal: str, seen: Seen) -> list[str]:
    where = f"{method} {route.label} [{relation}]"
    faults = [f"{where} leaks {leak}" for leak in seen.leaks]
    if seen.answer in DENIED and seen.written:
        faults.append(f"{where} was denied ({seen.answer}) and wrote {', '.join(seen.written)}")
    row = table.get((route.label, method, relation))
    if row is None or OBSERVE:
        OBSERVED.setdefault((route.label, method, relation), {})[principal] = seen.answer
        return faults
    if row[principal] != seen.answer:
        faults.append(f"{where} answered {seen.answer}, expected {row[principal]}")
    return faults


OBSERVED: dict[matrix.Key, dict[str, str]] = {}


def _told_apart(route: Route, method: str, seen: dict[str, Seen]) -> list[str]:
    missing = seen.get(NONEXISTENT)
    return [
        f"{method} {route.label}: {relation} is told apart from nonexistent"
        for relation in (FOREIGN, CONFIDENTIAL)
        if (each := seen.get(relation))
        and each.answer == "404"
        and missing
        and missing.answer == "404"
        and each.body != missing.body
    ]


@pytest.mark.django_db
def test_other_methods_are_not_answered() -> None:
    world = build("coordinator")
    for route in (each for each in open_routes() if each.name not in LIBRARY_ROUTES):
        for method in {"GET", "POST", "PUT", "DELETE"} - set(route.methods) if route.methods else ():
            answer = ask(world, route, method, relations(route)[0]).answer
            assert answer in ("405", "404", "403", "302"), f"{method} {route.label} answered {answer}"


@pytest.mark.django_db
def test_no_page_reads_a_token() -> None:
    world, table = build("token records:read"), matrix.load()
    for route in open_routes():
        for method in () if route.is_api or relations(route) != NO_OBJECT else route.methods:
            row = table.get((route.label, method, ""))
            assert row is None or ask(world, route, method, "").answer == row[ANONYMOUS], route.label


@pytest.fixture(scope="session", autouse=True)
def _write_observed() -> Iterator[None]:
    yield
    if OBSERVE and OBSERVED:
        table = matrix.load()
        for key, row in OBSERVED.items():
            if key not in table or key[0].startswith(AGAIN):
                table[key] = {name: row.get(name, NOT_ASKED) for name in ALL}
        matrix.save({key: row for key, row in table.items() if key in wanted()})
