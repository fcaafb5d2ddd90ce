"""The list of incidents: filter, sort, page, views, columns, bulk, export (UX 4.3, DOMAIN X8)."""

import io
import re
from collections.abc import Callable
from datetime import timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from openpyxl import load_workbook

from accounts.models import SavedView, User
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.units import database_now
from records.models import Record
from sla.models import Target
from tests.factories import make_actor, make_user
from tests.incidents.help import World, state
from workforce.models import Calendar

Now = Callable[..., Incident]


def signed_in(actor_id: int) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor_id))
    return client


@pytest.fixture
def desk(world: World) -> Client:
    """The agent's browser."""
    return signed_in(world.agent.id)


@pytest.fixture
def now(world: World) -> Now:
    """Incidents opened at this moment."""
    return lambda **known: world.opened(moment=database_now(), **known)


def titles(browser: Client, query: str = "") -> list[str]:
    """Titles on the list, in order."""
    html = browser.get(f"/incidents/?{query}").content.decode()
    return re.findall(r'<a data-row href="[^"]*">([^<]*)</a>', html)


def test_open_incidents_are_listed_and_ended_ones_on_demand(world: World, desk: Client, now: Now) -> None:
    now(title="Open one")
    done = now(title="Done one")
    commands.cancel(done, reason="x", actor=world.agent, at=database_now())
    assert titles(desk) == ["Open one"]
    assert sorted(titles(desk, "state=all")) == ["Done one", "Open one"]
    assert titles(desk, "state=cancelled") == ["Done one"]


@pytest.mark.parametrize(
    ("query", "expected"),
    [
        ("priority=2", ["Team stopped"]),
        ("priority=2&priority=4", ["Team stopped", "One person"]),
        ("q=stopped", ["Team stopped"]),
        ("q=stop", ["Team stopped"]),
        ("q=team:network", ["Team stopped", "One person"]),
        ("q=person+priority:4", ["One person"]),
        ("q=nothing-like-it", []),
        ("tag=vpn", ["Team stopped"]),
        ("assignee=me", ["One person"]),
        ("assignee=none", ["Team stopped"]),
        ("line=operations", ["Team stopped", "One person"]),
        ("line=desk", []),
        ("line=no-such-line", ["Team stopped", "One person"]),
        ("major=true", []),
    ],
)
def test_filters(world: World, now: Now, query: str, expected: list[str]) -> None:
    stopped = now(title="Team stopped", impact=3, urgency=1)
    commands.add_tags(stopped, tags=["vpn"], actor=world.agent, at=database_now())
    world.take(now(title="One person"), world.technician, moment=database_now())
    assert sorted(titles(signed_in(world.technician.id), query)) == sorted(expected)


def test_overdue_due_soon_and_paused(world: World, desk: Client) -> None:
    calendar = Calendar.objects.create(code="always", always_open=True)
    Target.objects.create(kind="incident", metric="resolution", minutes=100, calendar=calendar)
    now = database_now()
    for title, ago in (("Late", 120), ("Soon", 80), ("Fresh", 5)):
        world.opened(title=title, moment=now - timedelta(minutes=ago))
    waiting = world.started(title="Waits", moment=now - timedelta(minutes=5))
    commands.hold(waiting, reason="user", actor=world.technician, at=now)
    assert titles(desk, "sla=breach") == ["Late"]
    assert titles(desk, "sla=risk") == ["Soon"]
    assert titles(desk, "sla=paused") == ["Waits"]
    assert titles(desk)[:3] == ["Late", "Soon", "Fresh"]


def test_sorted_both_ways(desk: Client, now: Now) -> None:
    for impact, title in ((4, "low"), (1, "high"), (3, "mid")):
        now(title=title, impact=impact, urgency=1)
    assert titles(desk, "sort=priority") == ["high", "mid", "low"]
    assert titles(desk, "sort=-priority") == ["low", "mid", "high"]
    assert titles(desk, "sort=number") == ["low", "high", "mid"]
    assert titles(desk, "sort=nonsense") == titles(desk)


def test_pages_of_fifty_by_key(desk: Client, now: Now) -> None:
    for number in range(53):
        now(title=f"t{number:02}")
    first = desk.get("/incidents/?sort=number").content.decode()
    older = re.search(r'rel="next" href="([^"]*)"', first)
    assert older is not None
    assert titles(desk, "sort=number")[-1] == "t49"
    assert titles(desk, older[1].removeprefix("?").replace("&amp;", "&")) == ["t50", "t51", "t52"]


def test_a_technician_sees_what_their_team_sees(world: World, now: Now) -> None:
    now(title="Ours")
    now(title="Theirs", owner_team=world.desk)
    assert titles(signed_in(world.technician.id)) == ["Ours"]
    assert sorted(titles(signed_in(world.agent.id))) == ["Ours", "Theirs"]


def test_a_requester_has_no_list(world: World) -> None:
    browser = signed_in(world.caller.pk)
    for path in ("/incidents/", "/incidents/export.csv", "/incidents/export.xlsx", "/lists/incidents/views/save/"):
        assert browser.get(path).status_code == 403
    assert browser.post("/incidents/bulk/", {"verb": "close"}).status_code == 403


def test_one_row_costs_as_much_as_three_and_at_most_ten_statements(world: World, desk: Client, now: Now) -> None:
    calendar = Calendar.objects.create(code="always", always_open=True)
    Target.objects.create(kind="incident", metric="resolution", minutes=100, calendar=calendar)
    counts = []
    for more in (1, 2):
        for _each in range(more):
            world.take(now(caller=make_user()), world.technician, moment=database_now())
            world.technician = make_actor("technician", team=world.network)
        desk.get("/incidents/")
        with CaptureQueriesContext(connection) as seen:
            assert desk.get("/incidents/").status_code == 200
        counts.append(len(seen))
    assert counts[0] == counts[1] <= 10, "\n".join(query["sql"][:120] for query in seen)


def test_columns_are_chosen_in_the_address(desk: Client, now: Now) -> None:
    now(title="x")
    plain = desk.get("/incidents/").content.decode()
    chosen = desk.get("/incidents/?col=number&col=title&col=tags").content.decode()
    assert '<th scope="col" class="c3"' in plain
    assert len(re.findall(r'<th scope="col"', chosen)) == 4


def test_a_view_is_kept_shared_and_removed(world: World, desk: Client, now: Now) -> None:
    now(title="x")
    colleague = signed_in(make_user("agent", team=world.desk).pk)
    stranger = signed_in(make_user("agent").pk)
    saved = desk.post("/lists/incidents/views/save/", {"name": "VPN", "team": world.desk.pk, "query": "tag=vpn"})
    assert saved.headers["Location"] == "/incidents/?tag=vpn"
    assert 'href="/incidents/?tag=vpn"' in colleague.get("/incidents/").content.decode()
    assert 'href="/incidents/?tag=vpn"' not in stranger.get("/incidents/").content.decode()
    view = SavedView.objects.get()
    assert stranger.post(f"/profile/views/{view.pk}/remove/").status_code == 404
    assert desk.post(f"/profile/views/{view.pk}/remove/").status_code == 303
    assert not SavedView.objects.exists()
    assert desk.post("/lists/incidents/views/save/", {"name": "", "query": "tag=vpn"}).status_code == 422


def bulk(browser: Client, verb: str, incidents: list[Incident], **values: object) -> str:
    """Do it to these; what the result page says."""
    data = {"verb": verb, "ids": [each.pk for each in incidents], "go": "1", **values}
    answer = browser.post("/incidents/bulk/", data)
    return answer.content.decode()


def test_a_bulk_verb_asks_for_what_it_needs_first(desk: Client, now: Now) -> None:
    incident = now()
    form = desk.post("/incidents/bulk/", {"verb": "resolve", "ids": [incident.pk]})
    assert form.status_code == 200
    assert "What fixed it" in form.content.decode()
    again = desk.post("/incidents/bulk/", {"verb": "resolve", "ids": [incident.pk], "go": "1", "resolution": "Cable."})
    assert again.status_code == 422
    assert "Cable." in again.content.decode()
    assert state(incident) == "new"
    assert "Nothing is selected" in desk.post("/incidents/bulk/", {"verb": "resolve"}).content.decode()


def test_a_bulk_verb_tells_row_by_row_and_is_taken_back(world: World, now: Now) -> None:
    browser, going, waiting = signed_in(world.technician.id), [now(), now()], now()
    for each in going:
        world.take(each, world.technician, moment=database_now())
    html = bulk(browser, "hold", [*going, waiting], reason="supplier")
    assert "2 done" in html
    assert "1 not" in html
    assert f"{waiting.record.number} is New now" in html
    assert [state(each) for each in (*going, waiting)] == ["pending", "pending", "new"]
    undo = re.search(r'action="(/incidents/bulk/undo/[^"]*)"', html)
    assert undo is not None
    rows = re.search(r'name="rows" value="([^"]*)"', html)
    assert rows is not None
    assert "2 done" in browser.post(undo[1], {"rows": rows[1]}).content.decode()
    assert [state(each) for each in going] == ["in_progress", "in_progress"]


def test_assign_priority_tag_resolve_close_in_bulk(world: World, desk: Client, now: Now) -> None:
    rows = [now(), now()]
    assert "2 done" in bulk(desk, "assign", rows, person=world.technician.id)
    assert {INCIDENTS.work_item(each.record).assignee_id for each in rows} == {world.technician.id}  # type: ignore[union-attr]  # open
    assert "2 done" in bulk(desk, "priority", rows, impact="1", urgency="1")
    assert {row.priority for row in Record.objects.all()} == {1}
    assert "2 done" in bulk(desk, "tag", rows, tags="VPN, malmö")
    assert {tuple(row.tags) for row in Incident.objects.all()} == {("malmö", "vpn")}
    assert "2 done" in bulk(desk, "resolve", rows, cause="network", resolution="Cable.", tell_callers="on")
    assert "2 done" in bulk(desk, "close", rows)
    assert [state(each) for each in rows] == ["closed", "closed"]


def test_all_that_match_and_nothing_hidden(world: World, now: Now) -> None:
    rows = [now(title="a"), now(title="b"), now(title="theirs", owner_team=world.desk)]
    browser = signed_in(world.technician.id)
    answer = browser.post(
        "/incidents/bulk/?line=operations", {"verb": "tag", "all_matching": "1", "go": "1", "tags": "x"}
    )
    assert "2 done" in answer.content.decode()
    assert "Nothing is selected" in bulk(browser, "tag", [rows[2]], tags="x")


def test_exported_as_csv_and_excel(world: World, desk: Client, now: Now) -> None:
    now(title="=HYPERLINK(1)", tags=("vpn",))
    now(title="Skrivare på plan 3")
    csv = b"".join(desk.get("/incidents/export.csv?sort=number")).decode("utf-8-sig")
    assert csv.splitlines()[0].startswith('"number","title","priority","state"')
    assert '"\'=HYPERLINK(1)"' in csv
    assert "Skrivare på plan 3" in csv
    book = load_workbook(io.BytesIO(desk.get("/incidents/export.xlsx?q=Skrivare").content))
    rows = list(book.active.iter_rows(values_only=True))
    assert rows[0][:2] == ("number", "title")
    assert [row[1] for row in rows[1:]] == ["Skrivare på plan 3"]
