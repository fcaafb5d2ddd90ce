"""What the tests of the queue share."""

import pytest

from accounts.models import Team, User
from tests.coordination.browse import plain_sign_in
from tests.factories import make_team, make_user


@pytest.fixture
def pages(db: None) -> None:
    """Pages without a second factor and with an empty cache."""
    plain_sign_in()


@pytest.fixture
def team(db: None) -> Team:
    return make_team("net")


@pytest.fixture
def anna(team: Team) -> User:
    """A technician of the team."""
    return make_user("technician", name="Anna Berg", team=team)


@pytest.fixture
def boss(db: None) -> User:
    """A coordinator."""
    return make_user("coordinator", name="Li Na")
