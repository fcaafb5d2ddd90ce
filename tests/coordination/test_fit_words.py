"""The words of why work is not one's own."""

import pytest

from accounts.models import Team, User
from tests.coordination.arrange import able, offer
from tests.coordination.browse import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def test_a_level_too_low_is_named_beside_the_one_that_is_needed(anna: User, team: Team) -> None:
    offer(team=team, needs=[able(anna, "network", 1) + 1])
    assert "Not yours because: needs Network level 2, and you hold Network level 1." in text(browser(anna), "/queue/")
