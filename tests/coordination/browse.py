"""The queue in a browser: somebody's client, and the text of a page."""

from typing import Any

from django.core.cache import cache
from django.test import Client

from accounts.models import User
from tests.factories import no_second_factor

HTMX = {"HTTP_HX_REQUEST": "true"}


def browser(user: User) -> Client:
    """That person's browser; nobody is asked for a second factor."""
    client = Client()
    client.force_login(user)
    return client


def text(client: Client, url: str, **headers: Any) -> str:
    """The page, which must answer 200."""
    answer = client.get(url, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def plain_sign_in() -> None:
    """Nobody is asked for a second factor, and nothing is left in the cache."""
    no_second_factor()
    cache.clear()
