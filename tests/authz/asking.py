"""Ask one address as one principal in one relation, and take everything back."""

import re
from dataclasses import dataclass
from http.cookies import SimpleCookie
from typing import Any

from django.db import connection, transaction
from django.http import HttpResponse
from django.urls import reverse

from tests.authz.base import NO_OBJECT, OTHER, SECRET, World
from tests.authz.principals import ANONYMOUS, BLIND, CONFIDENTIAL_READERS
from tests.authz.routes import Route
from tests.authz.things import ARGUMENTS, BODIES

DENIED = frozenset({"401", "403", "404", "405", "login", "factor"})
OWN_BOOKKEEPING = ("accounts_usersession", "accounts_token", "axes_accessattempt")
WRITES = (
    "SELECT relname, n_tup_ins + n_tup_upd + n_tup_del FROM pg_stat_xact_user_tables "
    "WHERE n_tup_ins + n_tup_upd + n_tup_del > 0 AND relname NOT IN %s"
)


@dataclass(frozen=True)
class Seen:
    """What came back."""

    answer: str
    body: str
    written: tuple[str, ...]
    leaks: tuple[str, ...]


def relations(route: Route) -> tuple[str, ...]:
    """The relations in which a route's objects can stand; a route without objects has one, without a name."""
    longest: tuple[str, ...] = NO_OBJECT
    for argument in route.arguments:
        entry = _entry(route, argument)
        longest = entry[0] if len(entry[0]) > len(longest) else longest
    return longest


def unknown_arguments(routes: list[Route]) -> list[str]:
    """Arguments of addresses for which the world has no value."""
    named = [(route.name, argument) for route in routes for argument in route.arguments]
    return sorted({f"{name}/{arg}" for name, arg in named if f"{name}/{arg}" not in ARGUMENTS and arg not in ARGUMENTS})


def _entry(route: Route, argument: str) -> tuple[tuple[str, ...], Any]:
    entry = ARGUMENTS.get(f"{route.name}/{argument}") or ARGUMENTS.get(argument)
    if entry is None:
        message = f"tests/authz/things.py: say in ARGUMENTS what {route.name}/{argument} is"
        raise AssertionError(message)
    return entry


def ask(world: World, route: Route, method: str, relation: str) -> Seen:
    """Send the request inside a savepoint that is rolled back."""
    kwargs = arguments(world, route, relation)
    url = reverse(route.name, kwargs=kwargs)
    cell: Any = transaction.atomic()
    cell._from_testcase = True  # the door is the outermost transaction of the view
    before, cookies = world.written or _written(), world.client.cookies.output(header="", sep=";")
    with cell:
        response = _send(world, route, method, url)
        world.written = _written()
        transaction.set_rollback(True)
    world.client.cookies = SimpleCookie(cookies)  # signing out is taken back too
    body = _body(response)
    return Seen(
        answer=_word(response),
        body=_plain(body, _everything_asked(world, route)),
        written=_more(before, world.written),
        leaks=_leaks(world, response, body),
    )


def _body(response: Any) -> str:
    whole = b"".join(response.streaming_content) if response.streaming else response.content
    for close in response._resource_closers:  # response.close() would end the request, and with it the connection
        close()
    return bytes(whole).decode(errors="replace")


def _send(world: World, route: Route, method: str, url: str) -> HttpResponse:
    data = BODIES.get(f"{route.name} {method}", BODIES.get(route.name, {}))
    send: Any = getattr(world.client, method.lower())
    if route.is_api and method != "GET":
        return send(url, data, content_type="application/json", headers=world.headers)
    if method == "GET":
        return send(url, headers=world.headers)
    return send(url, data, headers=world.headers)


def _word(response: HttpResponse) -> str:
    place = response.headers.get("Location", "")
    if place.startswith("/accounts/login/") and "next=" in place:
        return "login"
    if place.startswith("/accounts/2fa/totp/activate/"):
        return "factor"
    return str(response.status_code)


def _written() -> dict[str, int]:
    """Rows written by this transaction so far, by table; what was rolled back to a savepoint counts on."""
    with connection.cursor() as cursor:
        cursor.execute(WRITES, [OWN_BOOKKEEPING])
        return dict(cursor.fetchall())


def _more(before: dict[str, int], after: dict[str, int]) -> tuple[str, ...]:
    return tuple(sorted(name for name, count in after.items() if count > before.get(name, 0)))


def arguments(world: World, route: Route, relation: str) -> dict[str, Any]:
    """What stands in the address for that relation."""
    return {argument: _entry(route, argument)[1](world, relation) for argument in route.arguments}


def _everything_asked(world: World, route: Route) -> set[str]:
    each = [arguments(world, route, relation) for relation in relations(route)]
    return {str(value) for kwargs in each for value in kwargs.values()}


def _plain(body: str, values: set[str]) -> str:
    """The body without what must differ: form tokens, the clock, and the numbers that are asked for."""
    text = re.sub(r'(name="csrfmiddlewaretoken" value|data-now|data-csrf)="[^"]*"', "", body)
    for value in sorted(values, key=len, reverse=True):
        text = re.sub(rf"(?<!\w){re.escape(value)}(?!\w)", "ASKED", text)
    return text


def _leaks(world: World, response: HttpResponse, body: str) -> tuple[str, ...]:
    text = body + str(dict(response.headers))
    found = []
    if OTHER in text and world.principal in BLIND:
        found.append(OTHER)
    if SECRET in text and world.principal not in CONFIDENTIAL_READERS and not world.principal.startswith("token "):
        found.append(SECRET)
    if world.principal == ANONYMOUS and world.records and any(each.title in text for each in world.records.values()):
        found.append("a record's title")
    return tuple(found)
