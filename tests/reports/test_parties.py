"""The wall and the figures are about promises to customers; the time of teams and suppliers is not among them."""

from datetime import timedelta

import pytest

from journal.units import database_now
from reports import queries
from tests.factories import make_actor, make_team
from tests.sla.rooms import always, move, open_at, target

pytestmark = pytest.mark.django_db


def test_a_teams_time_that_is_used_up_breaks_no_promise() -> None:
    calendar, network, at = always(), make_team("network"), database_now()
    target(calendar, 480)
    target(calendar, 10, party="team")
    manager = make_actor("manager", "agent")
    kept = open_at(at - timedelta(minutes=60), owner_team=network)
    late = open_at(at - timedelta(minutes=600), owner_team=network)
    assert [record.pk for record in queries.overdue(manager, at)] == [late.pk]
    move(kept, "resolve", at - timedelta(seconds=1))
    figures = queries.figures(manager, queries.Span(at - timedelta(days=2)))
    assert [figures[name].count() for name in ("judged", "in_time", "late")] == [1, 1, 0]
