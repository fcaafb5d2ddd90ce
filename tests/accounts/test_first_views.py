"""A person chooses with which of the own views a list opens (UX 4.3)."""

import pytest
from django.test import Client

from accounts.commands.saved_views import save_view
from accounts.models import SavedView, User
from accounts.queries import actor_for
from journal.units import database_now
from tests.factories import make_user

pytestmark = pytest.mark.django_db


@pytest.fixture
def anna() -> User:
    """An agent."""
    return make_user("agent", name="Anna")


@pytest.fixture
def client(anna: User) -> Client:
    """Their browser."""
    browser = Client()
    browser.force_login(anna)
    return browser


def view_of(user: User, name: str, query: str, list_key: str = "incidents") -> SavedView:
    return save_view(list_key, name=name, query=query, actor=actor_for(user), at=database_now())


@pytest.mark.parametrize(("list_key", "path"), [("incidents", "/incidents/"), ("queue", "/queue/")])
def test_a_list_opens_with_the_chosen_view(client: Client, anna: User, list_key: str, path: str) -> None:
    view = view_of(anna, "Urgent", "priority=1", list_key)
    assert client.get(path).status_code == 200
    chosen = client.post(f"/profile/views/{view.pk}/first/", {"first": "1", "next": path})
    assert (chosen.status_code, chosen["Location"]) == (303, path)
    assert client.get(path)["Location"] == f"{path}?priority=1"
    assert client.get(f"{path}?priority=2").status_code == 200
    client.post(f"/profile/views/{view.pk}/first/", {"first": "0", "next": path})
    assert client.get(path).status_code == 200


def test_one_list_opens_with_one_view_and_other_lists_as_before(client: Client, anna: User) -> None:
    one, two = view_of(anna, "One", "priority=1"), view_of(anna, "Two", "priority=2")
    other = view_of(anna, "Queue", "view=mine", "queue")
    for view in (other, one, two):
        client.post(f"/profile/views/{view.pk}/first/", {"first": "1"})
    assert {view.name for view in SavedView.objects.filter(is_default=True)} == {"Two", "Queue"}
    assert client.get("/incidents/")["Location"] == "/incidents/?priority=2"


def test_only_own_views_are_chosen_and_nobody_is_led_elsewhere(client: Client) -> None:
    bo = make_user("agent")
    theirs = view_of(bo, "Theirs", "priority=1")
    assert client.post(f"/profile/views/{theirs.pk}/first/", {"first": "1"}).status_code == 404
    browser = Client()
    browser.force_login(bo)
    answer = browser.post(f"/profile/views/{theirs.pk}/first/", {"first": "1", "next": "https://evil.example/"})
    assert answer["Location"] == "/profile/"


def test_the_open_tab_is_still_reached_beside_a_chosen_view(client: Client, anna: User) -> None:
    view = view_of(anna, "Urgent", "priority=1")
    client.post(f"/profile/views/{view.pk}/first/", {"first": "1"})
    page = client.get("/incidents/?state=open")
    assert page.status_code == 200
    assert b'href="/incidents/?state=open" aria-current="page"' in page.content
