"""Demand and capacity by competence and week: what is counted, what a reader sees, what the queue says of it."""

from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts import commands as accounts
from accounts.models import Team, User
from accounts.queries import SYSTEM, actor_for
from coordination import commands as work
from coordination.queries.demand import Cell, Table, demand_table
from coordination.tasks import sweep_demand
from journal.units import door
from records.models import Record
from tests.coordination.arrange import able, again, offer
from tests.coordination.browse import browser, text
from tests.factories import NOON, make_team, make_user
from workforce.models import Absence

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]
WEEK = timedelta(days=7)
HOURS = 60


def table_for(user: User, weeks: int = 4) -> Table:
    return demand_table(actor_for(user), weeks, NOON)


def hours(cells: list[Cell] | tuple[Cell, ...] | Any) -> list[tuple[int, int, int]]:
    """(needed, free, missing) hours of each week."""
    return [(cell.demanded // HOURS, cell.free // HOURS, cell.short // HOURS) for cell in cells]


def line_of(table: Table, code: str, level: int) -> Any:
    return next(line for line in table.lines if (line.code, line.level) == (code, level))


def test_a_competence_is_short_where_work_needs_more_than_its_holders_have(boss: User, anna: User, team: Team) -> None:
    need = able(anna, "network", 2)
    for _number in range(2):
        offer(team=team, needs=[need], estimate_minutes=24 * HOURS)
    line = line_of(table_for(boss), "network", 2)
    assert hours(line.cells) == [(48, 40, 8), (0, 40, 0), (0, 40, 0), (0, 40, 0)]
    assert (line.holders, line.whole.demanded, line.whole.free, line.whole.short) == (1, 48 * 60, 160 * 60, 0)
    assert line.advice == "Too much in some weeks, enough hours in all: plan work for another week."


def test_absence_on_call_and_reserved_time_are_no_capacity(boss: User, anna: User) -> None:
    able(anna, "network", 1)
    for number, kind in enumerate(("away", "on_call", "reserved")):
        start = NOON + timedelta(days=number * 7)
        Absence.objects.create(user=anna, kind=kind, starts_at=start, ends_at=start + WEEK)
    assert hours(line_of(table_for(boss), "network", 1).cells) == [(0, 0, 0), (0, 0, 0), (0, 0, 0), (0, 40, 0)]


def test_the_latest_date_decides_the_week(boss: User, anna: User, team: Team) -> None:
    need = able(anna, "network", 1)
    undated, due, overdue, waits = (offer(team=team, needs=[need]) for _number in range(4))
    offer(team=team, needs=[need], earliest_at=NOON + 2 * WEEK)
    offer(team=team, needs=[need], earliest_at=NOON + 9 * WEEK)
    Record.objects.filter(pk=due.record_id).update(due_at=NOON + WEEK + timedelta(hours=1))
    Record.objects.filter(pk=overdue.record_id).update(due_at=NOON - WEEK)
    with door(SYSTEM):
        work.wait_for(waits.record, reason="supplier", until=NOON + 3 * WEEK, actor=SYSTEM, at=NOON)
    table = table_for(boss)
    assert [cell.items for cell in line_of(table, "network", 1).cells] == [2, 1, 1, 1]
    assert (table.later.items, table.later.demanded) == (1, 60)
    assert again(undated).state == "queued"
    assert [cell.items for cell in line_of(table_for(boss, 12), "network", 1).cells][9] == 1


def test_a_level_counts_the_work_and_the_people_of_higher_ones_too(boss: User, anna: User, team: Team) -> None:
    high = able(anna, "network", 3)
    able(make_user("technician", team=team), "network", 1)
    offer(team=team, needs=[high], estimate_minutes=30 * HOURS)
    offer(team=team, needs=[high - 2], estimate_minutes=20 * HOURS)
    table = table_for(boss)
    assert hours(line_of(table, "network", 3).cells)[0] == (30, 40, 0)
    assert hours(line_of(table, "network", 1).cells)[0] == (50, 80, 0)
    assert [line.level for line in table.lines] == [1, 3]


def test_a_generalist_counts_in_each_line_and_once_in_the_total(boss: User, anna: User, team: Team) -> None:
    both = [able(anna, "network", 1), able(anna, "power", 1)]
    offer(team=team, needs=both, estimate_minutes=30 * HOURS)
    offer(team=team, needs=both[:1], estimate_minutes=10 * HOURS)
    table = table_for(boss)
    assert hours(line_of(table, "network", 1).cells)[0] == (40, 40, 0)
    assert hours(line_of(table, "power", 1).cells)[0] == (30, 40, 0)
    assert hours(table.total.cells)[0] == (40, 80, 0)  # Anna and the coordinator, forty hours each
    assert table.total.cells[0].items == 2


def test_a_certificate_that_ends_takes_the_hours_with_it(boss: User, anna: User, team: Team) -> None:
    need = able(anna, "power", 1, valid_until=(NOON + WEEK - timedelta(days=1)).date())
    offer(team=team, needs=[need], estimate_minutes=10 * HOURS)
    assert [cell.free // HOURS for cell in line_of(table_for(boss), "power", 1).cells] == [40, 0, 0, 0]


def test_what_nobody_holds_says_so_and_work_that_asks_for_nothing_has_a_line(boss: User, team: Team) -> None:
    need = able(make_user("requester"), "welding", 1)
    offer(team=team, needs=[need])
    offer(team=team)
    table = table_for(boss)
    assert line_of(table, "welding", 1).advice == "Nobody holds it: hire, buy, train somebody, or say no."
    assert hours(line_of(table, "", 0).cells)[0] == (1, 40, 0)


def test_the_page_names_what_is_missing_and_each_number_leads_to_what_it_adds_up(
    boss: User, anna: User, team: Team
) -> None:
    need = able(anna, "network", 2)
    offer("Move the core switch", team=team, needs=[need], estimate_minutes=200 * HOURS)
    offer("Somebody else's", team=team)
    client = browser(boss)
    page = text(client, "/queue/demand/")
    assert "Network level 2" in page
    assert "More work than hours in these weeks together: hire, buy, train somebody, or say no." in page
    assert 'href="/queue/demand/work/?competence=network&amp;level=2&amp;week=0&amp;weeks=4"' in page
    behind = text(client, "/queue/demand/work/?competence=network&level=2&week=0&weeks=4")
    assert "Move the core switch" in behind
    assert "Somebody else&#x27;s" not in behind
    assert "Move the core switch" not in text(client, "/queue/demand/work/?competence=network&level=2&week=1")
    assert "Somebody else&#x27;s" in text(client, "/queue/demand/work/?competence=none")
    assert "Somebody else&#x27;s" in text(client, "/queue/demand/work/")
    people = text(client, "/queue/demand/people/?competence=network&level=2&week=0")
    assert "Anna Berg" in people
    assert "Anna Berg" not in text(client, "/queue/demand/people/?competence=network&level=3")
    assert client.get("/queue/demand/people/?competence=nothing").status_code == 404


def test_hours_are_for_those_who_may_read_them(boss: User, anna: User) -> None:
    allowed = [browser(each) for each in (boss, make_user("manager"))]
    refused = [browser(each) for each in (anna, make_user("agent"), make_user("auditor"), make_user("requester"))]
    for url in ("/queue/demand/", "/queue/demand/work/", "/queue/demand/people/", "/queue/demand/export.csv"):
        assert {client.get(url).status_code for client in allowed} == {200}
        assert {client.get(url).status_code for client in refused} == {403}


def test_a_coordinator_of_one_team_reads_the_hours_of_its_people_alone(anna: User, team: Team) -> None:
    other = make_user("technician", name="Bo Ek", team=make_team())
    for each in (anna, other):
        able_here = able(each, "network", 1)
    leader = make_user(team=team)
    with door(SYSTEM) as at:
        accounts.grant_role(leader, "coordinator", team=team, actor=SYSTEM, at=at)
    leader = User.objects.get(pk=leader.pk)
    offer(team=make_team(), needs=[able_here])
    page = text(browser(leader), "/queue/demand/people/?competence=network")
    assert "Anna Berg" in page
    assert "Bo Ek" not in page
    line = line_of(table_for(leader), "network", 1)
    assert (hours(line.cells)[0], line.cells[0].items) == ((0, 40, 0), 0)
    assert "the people in your teams" in text(browser(leader), "/queue/demand/")


def test_work_that_one_may_not_see_is_not_counted(boss: User, anna: User, team: Team) -> None:
    need = able(anna, "network", 1)
    offer("secret", team=team, needs=[need], confidential_class="security")
    assert line_of(table_for(boss), "network", 1).cells[0].items == 0
    assert "secret" not in text(browser(boss), "/queue/demand/work/")
    offer("open", team=team, needs=[need])
    assert line_of(table_for(boss), "network", 1).cells[0].items == 1


def test_the_export_has_a_line_for_each_competence_and_week(boss: User, anna: User, team: Team) -> None:
    able(anna, "network", 1)
    client = browser(boss)
    lines = b"".join(client.get("/queue/demand/export.csv?weeks=8")).decode().splitlines()
    assert lines[0].startswith('\ufeff"Competence","Level","From"')
    assert sum(line.startswith('"Network",1,') for line in lines) == 8
    assert sum(line.startswith('"All work and all people"') for line in lines) == 8
    assert b"".join(client.get("/queue/demand/export.xlsx"))[:2] == b"PK"


def test_the_queue_warns_those_who_plan_once_a_sweep_found_too_little(boss: User, anna: User, team: Team) -> None:
    cache.clear()
    need = able(anna, "network", 1)
    offer(team=team, needs=[need], estimate_minutes=39 * HOURS)
    assert sweep_demand(NOON) == 0
    assert "More work than hours" not in text(browser(boss), "/queue/")
    offer(team=team, needs=[need], estimate_minutes=3 * HOURS)
    assert sweep_demand(NOON) == 1
    assert "Network level 1, 2 h missing" in text(browser(boss), "/queue/")
    assert "More work than hours" not in text(browser(anna), "/queue/")


def test_the_table_costs_the_same_for_one_and_for_three(
    boss: User, anna: User, team: Team, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    reader = actor_for(boss)

    def cost() -> int:
        with django_assert_max_num_queries(6) as found:
            demand_table(reader, 12, timezone.now())
        return len(found)

    offer(team=team, needs=[able(anna, "network", 1)])
    first = cost()
    for code in ("power", "cooling"):
        offer(team=team, needs=[able(make_user("technician", team=team), code, 1)])
    assert cost() == first


def test_rest_gives_the_table_and_what_stands_behind_it(boss: User, anna: User, team: Team) -> None:
    need = able(anna, "network", 2)
    item = offer("job", team=team, needs=[need])
    client = browser(boss)
    table = client.get("/api/v1/demand/?weeks=4").json()
    line = next(each for each in table["lines"] if each["competence"] == "network")
    assert (line["level"], line["holders"], line["weeks"][0]["demanded_minutes"]) == (2, 1, 60)
    found = client.get("/api/v1/demand/work/?competence=network&level=2&week=0").json()["results"]
    assert [each["number"] for each in found] == [item.record.number]
    people = client.get("/api/v1/demand/people/?competence=network&level=2").json()["results"]
    assert [each["name"] for each in people] == ["Anna Berg"]
    assert Client().get("/api/v1/demand/").status_code == 401
