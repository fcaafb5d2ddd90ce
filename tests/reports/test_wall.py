"""The wall counts what is there, leads each number to its records, and keeps day figures that never change twice."""

from datetime import date, timedelta

import pytest
from django.test import Client

from accounts.models import User
from accounts.queries import SYSTEM, actor_for
from incidents import commands as incidents
from incidents.commands import IncidentOpening
from incidents.models import Incident, MatrixCell
from journal.units import database_now, door
from kernel.actor import Actor
from reports import commands, queries
from reports.models import DayFigure
from sla.models import Target
from tests.factories import make_team, make_user
from workforce.models import Calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Actor:
    """Somebody at the desk, in an installation with a promise of four hours at any hour."""
    always = Calendar.objects.create(code="always", always_open=True)
    Target.objects.create(kind="incident", metric="resolution", minutes=240, calendar=always)
    MatrixCell.objects.get_or_create(impact=3, urgency=3, defaults={"priority": 3})
    return actor_for(make_user("agent", team=make_team("desk", is_desk=True)))


def opened(agent: Actor, hours_ago: float, title: str = "VPN drops") -> Incident:
    """An incident of a while ago."""
    at = database_now() - timedelta(hours=hours_ago)
    with door(agent):
        return incidents.open_incident(IncidentOpening(title=title, impact=3, urgency=3), actor=agent, at=at)


def resolve(agent: Actor, incident: Incident, hours_ago: float = 0) -> None:
    """Solved a while ago."""
    at = database_now() - timedelta(hours=hours_ago)
    with door(agent):
        incidents.resolve(incident, cause="software", resolution="Restarted it.", actor=agent, at=at)


def manager() -> tuple[Client, User]:
    """A manager's browser."""
    user, browser = make_user("manager"), Client()
    browser.force_login(user)
    return browser, user


def test_four_numbers_and_the_list_behind_each(agent: Actor) -> None:
    late, soon, fine = opened(agent, 5, "Late one"), opened(agent, 3.5, "Soon one"), opened(agent, 1, "Fine one")
    browser, user = manager()
    found = queries.now(actor_for(user), database_now())
    assert (found.overdue, found.due, found.oldest) == (1, 1, late.record)
    assert late.record.number in browser.get("/wall/").content.decode()
    for figure, expected in (("overdue", late), ("due", soon)):
        page = browser.get(f"/wall/{figure}/").content.decode()
        assert expected.record.title in page
        assert fine.record.title not in page
    assert fine.record.title in browser.get("/wall/open/").content.decode()


def test_kept_and_broken_promises_are_told_apart(agent: Actor) -> None:
    resolve(agent, opened(agent, 1, "Kept one"))
    resolve(agent, opened(agent, 9, "Broken one"))
    browser, user = manager()
    month = queries.period(actor_for(user), database_now() - timedelta(days=1))
    assert (month.resolved, month.in_time, month.late, month.share) == (2, 1, 1, 50)
    page = browser.get("/wall/late/?period=month").content.decode()
    assert "Broken one" in page
    assert "Kept one" not in page


def test_day_figures_are_the_same_when_counted_again(agent: Actor) -> None:
    resolve(agent, opened(agent, 49), hours_ago=48)
    day = queries.day_of(database_now() - timedelta(hours=48))
    for _again in range(2):
        with door(SYSTEM):
            commands.write_day(day, actor=SYSTEM, at=database_now())
    figure = DayFigure.objects.get(day=day, service=None)
    assert (figure.resolved, figure.in_time, figure.late, figure.solved_at_desk) == (1, 1, 0, 1)


def test_missing_days_run_from_the_first_record_to_yesterday(agent: Actor) -> None:
    opened(agent, 72)
    today = queries.day_of(database_now())
    first = queries.day_of(database_now() - timedelta(hours=72))
    expected = [first + timedelta(days=n) for n in range((today - first).days)]
    assert queries.missing_days(database_now()) == expected
    assert all(isinstance(day, date) for day in expected)


@pytest.mark.parametrize("path", ["/wall/", "/wall/overdue/"])
def test_only_those_who_read_reports_see_it(path: str) -> None:
    browser = Client()
    browser.force_login(make_user("technician"))
    assert browser.get(path).status_code == 403
    assert manager()[0].get(path).status_code == 200
