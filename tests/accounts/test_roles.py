"""What roles allow is said in sentences."""

import pytest
from django.test import Client

from accounts.roles import PERMISSION_WORDS, ROLES, Permission, permission_words
from tests.factories import make_user, no_second_factor


def test_every_permission_is_said_in_words() -> None:
    assert set(PERMISSION_WORDS) == set(Permission)
    assert all(len(permission_words(role)) == len(role.permissions) for role in ROLES.values())


@pytest.mark.django_db
def test_the_page_of_roles_says_what_each_permission_allows(client: Client) -> None:
    no_second_factor()
    client.force_login(make_user("administrator"))
    page = client.get("/settings/roles/").content.decode()
    assert "Reads who changed which field when" in page
    assert "Picks work from the queue" in page
