"""The wall counts what is there, leads each number to its records, and keeps day figures that never change twice."""

import re
from datetime import date, timedelta
from html import unescape
from typing import Any

import pytest
from django.test import Client

from accounts.models import User
from accounts.queries import SYSTEM, actor_for
from coordination import commands as work
from incidents import commands as incidents
from incidents.commands import IncidentOpening
from incidents.models import Incident, MatrixCell
from incidents.process import INCIDENTS
from journal.units import database_now, door
from kernel.actor import Actor
from records.models import Record
from reports import commands, queries
from reports.models import DayFigure
from reports.tasks import write_days
from sla.models import PauseRule, Target
from tests.factories import make_team, make_user
from tests.sla.rooms import service
from workforce.models import Calendar

pytestmark = pytest.mark.django_db


@pytest.fixture
def agent() -> Actor:
    """Somebody at the desk, in an installation with a promise of four hours at any hour."""
    always = Calendar.objects.create(code="always", always_open=True)
    Target.objects.create(kind="incident", metric="resolution", minutes=240, calendar=always)
    MatrixCell.objects.get_or_create(impact=3, urgency=3, defaults={"priority": 3})
    return actor_for(make_user("agent", team=make_team("desk", is_desk=True)))


def opened(agent: Actor, hours_ago: float, title: str = "VPN drops", **known: Any) -> Incident:
    """An incident of a while ago."""
    at = database_now() - timedelta(hours=hours_ago)
    with door(agent):
        return incidents.open_incident(IncidentOpening(title=title, impact=3, urgency=3, **known), actor=agent, at=at)


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


def day_of(user: User) -> queries.Period:
    """The figures of the last 24 hours."""
    return queries.periods(actor_for(user), {"day": queries.Span(database_now() - timedelta(days=1))})["day"]


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
    month = day_of(user)
    assert (month.resolved, month.in_time, month.late, month.share) == (2, 1, 1, 50)
    page = browser.get("/wall/late/?period=month").content.decode()
    assert "Broken one" in page
    assert "Kept one" not in page


def test_a_broken_promise_is_not_hidden_by_waiting(agent: Actor) -> None:
    PauseRule.objects.create(kind="incident", reason="user", pauses=True)
    late = opened(agent, 5, "Late and waiting")
    with door(agent) as at:
        item = INCIDENTS.work_item(late.record)
        assert item is not None
        work.take(item, actor=agent, at=at)
    late.refresh_from_db()
    with door(agent) as at:
        incidents.hold(late, reason="user", actor=agent, at=at)
    browser, user = manager()
    assert queries.now(actor_for(user), database_now()).overdue == 1
    assert "Late and waiting" in browser.get("/wall/overdue/").content.decode()
    assert "Late and waiting" in browser.get("/wall/").content.decode()


def test_what_was_cancelled_or_merged_away_is_no_result(agent: Actor) -> None:
    stays, gone, wrong = opened(agent, 1, "Stays"), opened(agent, 1, "Gone"), opened(agent, 1, "Wrong")
    with door(agent) as at:
        incidents.merge(gone, target=stays, actor=agent, at=at)
    with door(agent) as at:
        incidents.cancel(wrong, reason="A mistake", actor=agent, at=at)
    _browser, user = manager()
    day = day_of(user)
    assert (day.opened, day.resolved, day.in_time, day.late) == (3, 0, 0, 0)


def test_every_number_of_the_wall_is_the_length_of_its_list(agent: Actor) -> None:
    vpn = service("vpn")
    for hours, solved in ((30, 29), (60, 50), (70, None), (5, None)):
        incident = opened(agent, hours, service=vpn)
        resolve(agent, incident, solved) if solved is not None else None
    write_days(database_now())
    browser, user = manager()
    page = browser.get("/wall/").content.decode()
    links = {unescape(link) for link in re.findall(r'href="(/wall/[^"]+)"', page)}
    names = {link.split("/")[2] for link in links}
    assert names == {"overdue", "due", "unrouted", "open", "opened", "resolved", "judged", "in_time", "late", "at_desk"}
    assert "/wall/judged/?period=14d&service=vpn" in links
    assert all(browser.get(link).status_code == 200 for link in links)
    (_all, trend) = queries.trends(database_now())
    listed = queries.behind(
        actor_for(user), "judged", span=queries.span_of("14d", database_now(), "vpn"), at=database_now()
    )
    assert (trend.in_time + trend.late, listed.count(), trend.share) == (2, 2, 50)


def test_day_figures_tell_nothing_of_confidential_records(agent: Actor) -> None:
    secret = opened(agent, 48)
    Record.objects.filter(pk=secret.pk).update(confidential_class="security", audience=[-agent.id])
    write_days(database_now())
    assert not DayFigure.objects.exclude(opened=0).exists()


def test_a_list_behind_a_number_is_taken_along_as_csv_and_excel(agent: Actor) -> None:
    opened(agent, 5, "=HYPERLINK(1)")
    browser, _user = manager()
    table = b"".join(browser.get("/wall/overdue.csv").streaming_content).decode()  # type: ignore[attr-defined]  # a StreamingHttpResponse
    assert "'=HYPERLINK(1)" in table
    workbook = browser.get("/wall/overdue.xlsx")
    assert b"".join(workbook.streaming_content)[:2] == b"PK"  # type: ignore[attr-defined]  # a StreamingHttpResponse
    workbook.close()


def test_the_wall_asks_few_questions(agent: Actor, django_assert_max_num_queries: Any) -> None:
    for hours in (5, 6, 7):
        opened(agent, hours)
    browser, _user = manager()
    browser.get("/wall/")
    with django_assert_max_num_queries(10):
        browser.get("/wall/")


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
