"""Page or fragment, toasts, redirects, the state of a list in its address."""

import pytest
from django.contrib.messages.storage.cookie import CookieStorage
from django.http import HttpRequest
from django.test import RequestFactory

from kernel import pages
from kernel.pages import Column

COLUMNS = (
    Column("number", "Number", is_sortable=True),
    Column("title", "Title"),
    Column("due", "Due", is_sortable=True),
    Column("site", "Site", is_optional=True),
)


def ask(path: str = "/", *, htmx: bool = False, restore: bool = False) -> HttpRequest:
    """A request with a place for messages."""
    headers = {"HX-Request": "true"} if htmx else {}
    if restore:
        headers["HX-History-Restore-Request"] = "true"
    request = RequestFactory().get(path, headers=headers)
    request._messages = CookieStorage(request)  # type: ignore[attr-defined]  # as the middleware does
    return request


@pytest.mark.parametrize(("htmx", "restore", "whole"), [(False, False, True), (True, False, False), (True, True, True)])
def test_fragment_or_page(*, htmx: bool, restore: bool, whole: bool) -> None:
    context = {"reason": "because", "frame": {}}
    response = pages.respond(ask(htmx=htmx, restore=restore), "403.html", "_refused.html", context, status=422)
    assert response.status_code == 422
    assert ("<html" in response.content.decode()) == whole
    assert "because" in response.content.decode()
    assert response["Vary"] == "HX-Request, Cookie"
    assert response["Cache-Control"] == "private, no-cache"


def test_a_fragment_brings_the_toasts() -> None:
    request = ask(htmx=True)
    pages.toast(request, "INC-1 is yours.", undo="/undo/3/")
    body = pages.respond(request, "403.html", "_refused.html", {"reason": "x"}).content.decode()
    assert '<div hx-swap-oob="beforeend:#toasts">' in body
    assert 'action="/undo/3/"' in body
    assert "hx-swap-oob" not in pages.respond(ask(htmx=True), "403.html", "_refused.html", {}).content.decode()


def test_going_on_after_a_post() -> None:
    plain, htmx = pages.go(ask(), "/INC-1/"), pages.go(ask(htmx=True), "/INC-1/")
    assert (plain.status_code, plain["Location"]) == (303, "/INC-1/")
    assert (htmx.status_code, htmx["HX-Redirect"]) == (204, "/INC-1/")


def test_a_toast_is_text_whatever_it_says() -> None:
    request = ask(htmx=True)
    pages.toast(request, "<script>alert(1)</script>", draft="inc.1")
    body = pages.respond(request, "403.html", "_refused.html", {}).content.decode()
    assert "&lt;script&gt;" in body
    assert 'data-done="inc.1"' in body


def test_list_state_of_a_bare_address() -> None:
    state = pages.list_state(ask("/list"), columns=COLUMNS, sort="-due")
    assert [column.key for column in state.columns] == ["number", "title", "due"]
    assert (state.sort, state.cursor, state.is_backwards) == ("-due", "", False)
    assert [(heading.url, heading.aria_sort) for heading in state.headings] == [
        ("?sort=number", ""), ("", ""), ("?sort=due", "descending"),
    ]  # fmt: skip


def test_list_state_from_the_address() -> None:
    state = pages.list_state(ask("/list?q=vpn&col=site&col=due&sort=due&after=abc"), columns=COLUMNS, sort="-due")
    assert [column.key for column in state.columns] == ["due", "site"]
    assert state.cursor == "abc"
    assert state.headings[0].url == "?q=vpn&col=site&col=due&sort=-due"  # a new order begins at its first page
    assert state.headings[0].aria_sort == "ascending"


@pytest.mark.parametrize("query", ["sort=title", "sort=-nope", "col=nope", "sort=__class__"])
def test_nonsense_in_the_address_is_no_error(query: str) -> None:
    state = pages.list_state(ask(f"/list?{query}"), columns=COLUMNS, sort="due")
    assert state.sort == "due"
    assert [column.key for column in state.columns] == ["number", "title", "due"]


def test_backwards() -> None:
    state = pages.list_state(ask("/list?before=xyz"), columns=COLUMNS, sort="due")
    assert (state.cursor, state.is_backwards) == ("xyz", True)


def test_taking_a_filter_away() -> None:
    state = pages.list_state(ask("/list?state=new&state=pending&q=vpn&after=abc"), columns=COLUMNS, sort="due")
    assert state.without("state", "new") == "?q=vpn&state=pending"
    assert state.without("q", "vpn") == "?state=new&state=pending"
    assert state.url(q=None) == "?state=new&state=pending"
