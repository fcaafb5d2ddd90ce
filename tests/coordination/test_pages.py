"""The queue in the browser: tabs, rows with reasons, live polls, verbs as plain forms, bulk, board, mine, rules."""

import re
from datetime import timedelta
from typing import Any

import pytest
from django.core.cache import cache
from django.test import Client
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import SavedView, Team, User
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.models import Boost, Ranking, Skip, WorkItem
from journal.units import door
from records.models import Record
from tests.coordination.arrange import able, again, component, many, offer, set_limits, technician
from tests.factories import make_team, make_user, no_second_factor

pytestmark = pytest.mark.django_db
HTMX = {"HTTP_HX_REQUEST": "true"}


@pytest.fixture(autouse=True)
def no_factor() -> None:
    """Nobody is asked for a second factor."""
    no_second_factor()
    cache.clear()


def browser(user: User) -> Client:
    """That person's browser."""
    client = Client()
    client.force_login(user)
    return client


@pytest.fixture
def team() -> Team:
    return make_team("net")


@pytest.fixture
def anna(team: Team) -> User:
    """A technician of the team."""
    return make_user("technician", name="Anna Berg", team=team)


@pytest.fixture
def boss() -> User:
    """A coordinator."""
    return make_user("coordinator", name="Li Na")


def text(client: Client, url: str, **headers: Any) -> str:
    answer = client.get(url, **headers)
    assert answer.status_code == 200
    return answer.content.decode()


def test_a_row_says_its_two_largest_parts_the_sum_and_why_it_is_not_yours(anna: User, team: Team) -> None:
    need = able(make_user("technician", team=team), "network", 2)
    offer("VPN drops", priority=1, team=team, needs=[need], component=component("vpn-gw"))
    page = text(browser(anna), "/queue/")
    assert "<title>Queue" in page
    assert "VPN drops" in page
    assert "priority P1" in page
    assert "Not yours because: needs Network level 2." in page
    assert "vpn-gw" in page


def test_tabs_count_and_show_what_they_say(anna: User, team: Team) -> None:
    need = able(anna, "network", 2)
    other = able(make_user("technician", team=team), "power", 3)
    offer("mine to do", team=team, needs=[need])
    offer("not able", team=team, needs=[other])
    offer("nobody routed", team=team, is_routed=False)
    held = offer("held by Anna", team=team)
    client = browser(anna)
    assert client.post(f"/queue/{held.pk}/take/").status_code == 303
    shown = {
        "everything": {"mine to do", "not able", "nobody routed"},
        "competences": {"mine to do"},
        "unrouted": {"nobody routed"},
        "waiting": set(),
        "mine": {"held by Anna"},
    }
    titles = {"mine to do", "not able", "nobody routed", "held by Anna"}
    for view, expected in shown.items():
        page = text(client, f"/queue/?view={view}")
        assert {title for title in titles if title in page} == expected, view
        if expected:
            assert f'<span class="count">{len(expected)}</span>' in page
    client.post(f"/queue/{held.pk}/wait/", {"reason": "supplier"})
    assert "Waiting for a supplier" in text(client, "/queue/?view=waiting")


@pytest.mark.parametrize(
    ("query", "found"),
    [
        ("q=sla:breach", {"late"}), ("sla=breach", {"late"}), ("q=sla:risk", {"soon"}), ("q=p:1", {"late"}),
        ("priority=3", {"soon", "plain"}), ("q=site:malm", {"soon"}), ("q=skill:network", {"plain"}),
        ("q=plain", {"plain"}), ("q=is:major", {"late"}), ("component=switch", {"plain"}),
        ("team=net", {"late", "soon", "plain"}), ("q=p:9+sla:never", {"late", "soon", "plain"}),
        ("competence=network", {"plain"}), ("q=size:L", set()),
    ],
)  # fmt: skip
def test_filters_narrow_by_form_and_by_typed_conditions(boss: User, team: Team, query: str, found: set[str]) -> None:
    now = timezone.now()
    need = able(make_user("technician", team=team), "network", 1)
    late = offer("late", team=team, priority=1, is_major=True)
    soon = offer("soon", team=team, site="Malmö")
    offer("plain", team=team, needs=[need], component=component("switch"))
    hours = [now + timedelta(hours=each) for each in (-9, -8, -7, 1, 2)]
    Record.objects.filter(pk=late.record_id).update(due_at=now - timedelta(hours=1), risk_at=hours)
    Record.objects.filter(pk=soon.record_id).update(due_at=now + timedelta(hours=2), risk_at=hours)
    page = text(browser(boss), f"/queue/?{query}")
    assert {title for title in ("late", "soon", "plain") if f">{title}</a>" in page} == found


def test_pages_of_fifty_follow_each_other_without_gap(boss: User, team: Team) -> None:
    many(120, team=team)
    client, seen, url = browser(boss), [], "/queue/"
    for _page in range(3):
        answer = client.get(url)
        seen += [row.id for row in answer.context["rows"]]
        url = f"/queue/?after={answer.context['page'].older}"
    expected = Ranking.objects.order_by("-score", "work_item_id").values_list("pk", flat=True)
    assert seen == list(expected)


def test_a_poll_gets_304_until_something_changes(boss: User, team: Team) -> None:
    client = browser(boss)
    first = client.get("/queue/", **HTMX)
    for _attempt in range(2):  # the minute may turn between two requests
        again_ = client.get("/queue/", HTTP_IF_NONE_MATCH=first["ETag"], **HTMX)
        if again_.status_code == 304:
            break
        first = again_
    assert again_.status_code == 304


def test_live_rows_are_part_of_the_page(boss: User, team: Team) -> None:
    offer("one", team=team)
    client = browser(boss)
    page, rows = text(client, "/queue/"), client.get("/queue/", **HTMX).content.decode()
    row = rows[rows.index("<tr id=") : rows.index("</tr>")]
    assert row in page
    assert 'hx-swap-oob="true"' in rows


def test_pick_next_opens_the_record_and_says_why(anna: User, team: Team) -> None:
    need = able(make_user("technician", team=team), "network", 2)
    offer("above", team=team, priority=1, needs=[need])
    item = offer("for Anna", team=team, priority=2)
    client = browser(anna)
    answer = client.post("/queue/next/")
    assert answer.status_code == 303
    assert item.record.number in answer["Location"]
    page = text(client, "/mine/")
    assert "You got this because: priority P2." in page
    assert "1 above it was not for you: needs Network level 2." in page
    assert "for Anna" in page


def test_pick_next_without_anything_or_without_a_place_says_so(anna: User, team: Team) -> None:
    client = browser(anna)
    assert client.post("/queue/next/")["Location"] == "/queue/"
    assert "Nothing waits in the queue." in text(client, "/queue/")
    set_limits(work_in_progress=1)
    for _number in range(2):
        offer(team=team)
    client.post("/queue/next/")
    assert client.post("/queue/next/")["Location"] == "/mine/"
    assert "You have 1 of 1 work items in progress." in text(client, "/mine/")


def test_requesters_have_no_queue(team: Team) -> None:
    client, item = browser(make_user("requester")), offer(team=team)
    for url in ("/queue/", "/board/", "/mine/", f"/queue/{item.pk}/", "/settings/queue-rules/"):
        assert client.get(url).status_code == 403, url
    assert client.post("/queue/next/").status_code == 403


def test_work_of_records_that_one_may_not_see_is_not_there(anna: User) -> None:
    hidden = offer("secret", team=make_team(), priority=1)
    client = browser(anna)
    assert "secret" not in text(client, "/queue/")
    unknown = client.get("/queue/999999/")
    foreign = client.get(f"/queue/{hidden.pk}/")
    assert (foreign.status_code, unknown.status_code) == (404, 404)
    assert client.post(f"/queue/{hidden.pk}/take/").status_code == 404
    assert again(hidden).assignee_id is None


def test_verbs_on_one_work_item(anna: User, boss: User, team: Team) -> None:
    item = offer("a job", team=team, is_routed=False)
    leader, worker = browser(boss), browser(anna)
    routed = leader.post(f"/queue/{item.pk}/route/", {"size": "M", "site": "Malmö", "team": team.pk})
    assert routed.status_code == 303
    assert (again(item).is_routed, again(item).estimate_minutes, again(item).site) == (True, 240, "Malmö")
    leader.post(f"/queue/{item.pk}/boost/", {"points": 30, "reason": "surgery", "hours": 4})
    assert Boost.objects.get().points == 30
    assert "Boost 30 by Li Na: surgery." in text(leader, f"/queue/{item.pk}/")
    assert worker.post(f"/queue/{item.pk}/boost/", {"points": 30, "reason": "x", "hours": 4}).status_code == 403
    worker.post(f"/queue/{item.pk}/take/")
    assert worker.post(f"/queue/{item.pk}/wait/", {"reason": ""}).status_code == 422
    assert worker.post(f"/queue/{item.pk}/wait/", {"reason": "visit"}).status_code == 303
    assert again(item).state == "waiting"
    worker.post(f"/queue/{item.pk}/resume/", {"next": "/mine/"})
    WorkItem.objects.filter(pk=item.pk).update(picked_at=timezone.now() - timedelta(minutes=5))
    refused = worker.post(f"/queue/{item.pk}/release/", {"reason": ""})
    assert (refused.status_code, "Choose why the work goes back" in refused.content.decode()) == (422, True)
    worker.post(f"/queue/{item.pk}/release/", {"reason": "site"})
    assert again(item).state == "queued"
    worker.post(f"/queue/{item.pk}/skip/", {"reason": "pair"})
    assert Skip.objects.get().reason == "pair"


def test_a_redirect_leads_only_to_our_own_pages(anna: User, team: Team) -> None:
    item, client = offer(team=team), browser(anna)
    client.post(f"/queue/{item.pk}/take/")
    client.post(f"/queue/{item.pk}/wait/", {"reason": "visit"})
    answer = client.post(f"/queue/{item.pk}/resume/", {"next": "//evil.example/"})
    assert answer["Location"] == f"/queue/{item.pk}/"


def test_assigning_shows_who_fits_first_and_can_be_undone(anna: User, boss: User, team: Team) -> None:
    need = able(anna, "network", 2)
    make_user("technician", name="Bo Ek", team=team)
    item, client = offer("for somebody", team=team, needs=[need]), browser(boss)
    page = text(client, f"/queue/{item.pk}/assign/")
    assert page.index("Anna Berg") < page.index("Bo Ek")
    assert "lacks Network level 2" in page
    bo = User.objects.get(name="Bo Ek")
    refused = client.post(f"/queue/{item.pk}/assign/", {"person": bo.pk})
    assert (refused.status_code, "which Bo Ek does not hold" in refused.content.decode()) == (409, True)
    client.post(f"/queue/{item.pk}/assign/", {"person": anna.pk, "next": "/queue/"})
    assert (again(item).state, again(item).assignee_id) == ("assigned", anna.pk)
    page = text(client, "/queue/")
    undo = re.search(r'action="(/records/[^"]+/undo/\d+/)"', page)
    assert undo is not None
    assert client.post(undo[1]).status_code == 303
    assert (again(item).state, again(item).assignee_id) == ("queued", None)
    assert Ranking.objects.filter(pk=item.pk).exists()


def undo_bulk(client: Client, done: str) -> str:
    """Press Undo on the page of a bulk result."""
    form = re.search(r'action="(/queue/bulk/undo/[^"]*)".*?name="rows" value="([^"]*)"', done, re.DOTALL)
    assert form is not None
    return client.post(form[1].replace("&amp;", "&"), {"rows": form[2]}).content.decode()


def test_bulk_assign_asks_who_then_tells_row_by_row_and_can_be_undone(anna: User, boss: User, team: Team) -> None:
    items = [offer(f"job {number}", team=team) for number in range(4)]
    client, ids = browser(boss), [item.pk for item in items]
    asked = client.post("/queue/bulk/", {"verb": "assign", "ids": ids})
    assert asked.status_code == 200
    assert "Assign 4 work items" in asked.content.decode()
    done = client.post("/queue/bulk/", {"verb": "assign", "ids": ids, "person": anna.pk}).content.decode()
    assert "3 done" in done
    assert "1 not" in done
    assert "Anna Berg has 3 of 3 work items in progress" in done
    assert "3 done" in undo_bulk(client, done)
    assert WorkItem.objects.filter(state="queued").count() == 4


def test_bulk_take_and_hold(anna: User, team: Team) -> None:
    items = [offer(f"job {number}", team=team) for number in range(2)]
    client, ids = browser(anna), [item.pk for item in items]
    taken = client.post("/queue/bulk/", {"verb": "take", "ids": ids}).content.decode()
    assert "2 done" in taken
    assert "2 done" in undo_bulk(client, taken)
    assert WorkItem.objects.filter(state="queued", assignee=None).count() == 2
    client.post("/queue/bulk/", {"verb": "take", "ids": ids})
    assert "Hold 2 work items" in client.post("/queue/bulk/", {"verb": "wait", "ids": ids}).content.decode()
    held = client.post("/queue/bulk/", {"verb": "wait", "ids": ids, "reason": "supplier"}).content.decode()
    assert "2 done" in held
    assert WorkItem.objects.filter(state="waiting").count() == 2
    assert "2 done" in undo_bulk(client, held)
    assert WorkItem.objects.filter(state="in_progress", assignee=anna).count() == 2


def test_all_matching_goes_by_the_filter_on_the_server(boss: User, team: Team) -> None:
    for priority in (1, 1, 4):
        offer(f"job P{priority}", team=team, priority=priority)
    client = browser(boss)
    assert "all 2 matching" in text(client, "/queue/?priority=1")
    assert "all 3 matching" in text(client, "/queue/")
    asked = client.post("/queue/bulk/?priority=1", {"verb": "wait", "all_matching": "1"}).content.decode()
    assert "Hold 2 work items" in asked
    assert "More than 500" not in asked


def test_all_matching_takes_five_hundred_at_once_and_says_so(boss: User, team: Team) -> None:
    many(501, team=team)
    client = browser(boss)
    assert "the first 500 of all that match" in text(client, "/queue/")
    asked = client.post("/queue/bulk/", {"verb": "wait", "all_matching": "1"}).content.decode()
    assert "Hold 500 work items" in asked
    assert "More than 500 match. These are the first 500" in asked
    assert "and 488 more" in asked


def test_the_explanation_compares_two_rows(boss: User, team: Team) -> None:
    high, low = offer("high", team=team, priority=1), offer("low", team=team, priority=2)
    page = text(browser(boss), f"/queue/{high.pk}/?with={low.record.number}")
    assert "Number 1 in the queue with 300 points, by rules version 1." in page
    assert f"{low.record.number} is number 2 with 200 points; the difference is 100." in page
    assert "priority P1 / priority P2" in page


def test_planned_work_stands_under_its_own_tab_and_the_empty_queue_names_it(boss: User, team: Team) -> None:
    item, client = offer("UPS test", team=team), browser(boss)
    tomorrow = timezone.now() + timedelta(days=1)
    client.post(f"/queue/{item.pk}/route/", {"earliest": tomorrow.strftime("%Y-%m-%dT%H:%M"), "team": team.pk})
    assert again(item).state == "planned"
    queue = text(client, "/queue/")
    assert "Nothing waits in the queue." in queue
    assert f"Next planned: {item.record.number} UPS test" in queue
    assert "UPS test" in text(client, "/queue/?view=planned")
    assert "It enters the queue, and gets a rank, at:" in text(client, f"/queue/{item.pk}/")


def test_cards_are_moved_by_the_buttons_that_the_arrow_keys_press(anna: User, boss: User, team: Team) -> None:
    item = offer("open", team=team)
    client = browser(anna)
    card = text(client, "/board/")
    assert f'action="/queue/{item.pk}/take/"' in card
    assert 'data-move="ArrowRight"' in card
    here = f"/board/#card-{item.pk}"
    taken = client.post(f"/queue/{item.pk}/take/", {"next": here})
    assert (taken.status_code, taken["Location"]) == (303, here)
    card = text(client, "/board/")
    assert f'data-move="ArrowLeft" href="/queue/{item.pk}/?next=/board/#release"' in card
    assert f'data-move="ArrowRight" href="/queue/{item.pk}/?next=/board/#wait"' in card
    assert 'name="next" value="/board/"' in text(client, f"/queue/{item.pk}/?next=/board/")


def test_mine_shows_what_was_typed_and_not_sent(anna: User) -> None:
    client = browser(anna)
    assert "Drafts" not in text(client, "/mine/").partition("<main")[2]
    client.post("/drafts/call:1/", {"text": "VPN drops since"})
    assert "VPN drops since" in text(client, "/mine/")
    thrown = client.post("/drafts/call:1/", {"drop": "1", "next": "/mine/"})
    assert (thrown.status_code, thrown["Location"]) == (303, "/mine/")
    assert "VPN drops since" not in text(client, "/mine/")


def test_reasons_are_lists_that_an_administrator_edits(anna: User, team: Team) -> None:
    client, reader = browser(make_user("administrator")), browser(make_user("auditor"))
    page = text(client, "/settings/queue-reasons/")
    fields = dict(re.findall(r'name="([a-z]+-[^"]+|seen)" value="([^"]*)"', page))
    assert fields["release-0-code"] == "competence"
    changed = fields | {"release-0-en": "Too hard", "release-1-is_retired": "on", "skip-5-en": "Lunch first"}
    assert reader.post("/settings/queue-reasons/", changed).status_code == 403
    assert client.post("/settings/queue-reasons/", changed).status_code == 303
    item = offer("job", team=team)
    worker = browser(anna)
    offered = text(worker, f"/queue/{item.pk}/")
    assert "Lunch first" in offered
    worker.post(f"/queue/{item.pk}/take/")
    mine = text(worker, "/mine/")
    assert "Too hard" in mine
    assert "My shift ends" not in mine
    WorkItem.objects.filter(pk=item.pk).update(picked_at=timezone.now() - timedelta(hours=1))
    assert worker.post(f"/queue/{item.pk}/release/", {"reason": "shift_end"}).status_code == 422
    assert worker.post(f"/queue/{item.pk}/release/", {"reason": "competence"}).status_code == 303
    assert worker.post(f"/queue/{item.pk}/skip/", {"reason": "lunch-first"}).status_code == 303
    assert client.post("/settings/queue-reasons/", changed).status_code == 409
    fresh = dict(re.findall(r'name="([a-z]+-[^"]+|seen)" value="([^"]*)"', text(client, "/settings/queue-reasons/")))
    needed = client.post("/settings/queue-reasons/", fresh | {"wait-0-is_retired": "on"})
    assert (needed.status_code, "Rename these four, but keep them" in needed.content.decode()) == (422, True)


def test_earlier_rules_are_looked_at_and_restored(team: Team) -> None:
    client, reader = browser(make_user("administrator")), browser(make_user("auditor"))
    page = text(client, "/settings/queue-rules/")
    values = dict(re.findall(r'name="([a-z_]+)" value="([^"]*)"', page))
    for vip in ("10", "15"):
        seen = re.search(r'name="seen" value="(\d+)"', text(client, "/settings/queue-rules/"))
        assert seen is not None
        saved = client.post("/settings/queue-rules/", values | {"vip": vip, "seen": seen[1], "verb": "save"})
        assert saved.status_code == 303
    looked = text(client, "/settings/queue-rules/?from=2")
    assert "These are the points of version 2." in looked
    assert re.search(r'name="vip" value="10"', looked)
    assert reader.post("/settings/queue-rules/2/restore/", {"seen": "2"}).status_code == 403
    assert client.post("/settings/queue-rules/2/restore/", {"seen": "1"}).status_code == 409
    assert client.post("/settings/queue-rules/2/restore/", {"seen": "2"}).status_code == 303
    back = text(client, "/settings/queue-rules/")
    assert "Rules version 4 is in force." in back
    assert re.search(r'name="vip" value="10"', back)
    assert client.post("/settings/queue-rules/99/restore/", {"seen": "3"}).status_code == 404


def test_the_board_has_four_columns(anna: User, team: Team) -> None:
    offer("loose", team=team, is_routed=False)
    offer("open", team=team)
    held = offer("busy", team=team)
    client = browser(anna)
    client.post(f"/queue/{held.pk}/take/")
    columns = {column.key: [card.title for card in column.cards] for column in client.get("/board/").context["columns"]}
    assert columns == {"unrouted": ["loose"], "ready": ["open"], "in_progress": ["busy"], "waiting": []}


def test_a_returned_parked_work_item_stands_at_the_top_of_mine(anna: User, team: Team) -> None:
    client = browser(anna)
    for number in range(2):
        offer(f"job {number}", team=team)
        client.post("/queue/next/")
    major = offer("all down", team=team, priority=1, is_major=True)
    client.post("/queue/next/")
    parked = WorkItem.objects.get(parked_by=major)
    assert "Interrupted by a major incident" in text(client, "/mine/")
    _user, actor = technician(role="agent")
    with door(actor) as at:
        work.finish(again(major).record, actor=actor, at=at)
    with door(actor) as at:
        work.return_parked(major.pk, actor=actor, at=at)
    assert client.get("/mine/").context["rows"][0].id == parked.pk


def test_rules_are_tried_then_saved_and_rank_the_queue_again(team: Team) -> None:
    client = browser(make_user("administrator"))
    reader = browser(make_user("auditor"))
    offer("first", team=team, priority=1)
    offer("waited", team=team, priority=2)
    values = {
        "risk_caps": "400, 300, 200, 120", "risk_shares": "15, 30, 55, 75, 100", "priority_points": "300, 290, 100, 0",
        "harm_service": 100, "harm_more_services": 10, "harm_prioritised": 20, "harm_per_hundred_people": 2,
        "harm_cap": 150, "waiting_hours": "2, 4, 8, 24", "waiting_step": 0, "major": 100, "vip": 20, "boost_cap": 100,
        "seen": 0,
    }  # fmt: skip
    swapped = values | {"priority_points": "300, 350, 100, 0"}
    tried = client.post("/settings/queue-rules/", swapped | {"verb": "try"})
    assert tried.status_code == 200
    unfair = client.post("/settings/queue-rules/", values | {"priority_points": "100, 290, 100, 0", "verb": "save"})
    assert (unfair.status_code, "A late P4 could stand above" in unfair.content.decode()) == (422, True)
    assert reader.post("/settings/queue-rules/", values | {"verb": "save"}).status_code == 403
    assert client.post("/settings/queue-rules/", values | {"verb": "save"}).status_code == 303
    with door(SYSTEM) as at:
        assert work.sweep_drifted(actor=SYSTEM, at=at) == 2
    assert sorted(Ranking.objects.values_list("score", "rules_version")) == [(290, 2), (300, 2)]
    assert "Version 2 by" in text(client, "/settings/queue-rules/")
    stale = client.post("/settings/queue-rules/", values | {"verb": "save"})
    assert stale.status_code == 409
    assert (
        client.post(
            "/settings/queue-limits/", {"work_in_progress": 4, "free_release_seconds": 60, "skip_hours": 8, "seen": 0}
        ).status_code
        == 303
    )


def test_a_filter_is_kept_under_a_name_and_shared_with_a_team(anna: User, team: Team) -> None:
    client, colleague = browser(anna), browser(make_user("technician", team=team))
    stranger = browser(make_user("technician", team=make_team()))
    page = text(client, "/queue/?q=sla:breach&after=x")
    assert "/lists/queue/views/save/?q=sla%3Abreach" in page
    kept = client.post("/lists/queue/views/save/", {"name": "Late ones", "query": "q=sla%3Abreach", "team": team.pk})
    assert (kept.status_code, kept["Location"]) == (303, "/queue/?q=sla%3Abreach")
    assert "Late ones" in text(colleague, "/queue/")
    assert "Late ones" not in text(stranger, "/queue/")
    pk = SavedView.objects.get().pk
    assert colleague.post(f"/profile/views/{pk}/remove/").status_code == 404
    assert client.post(f"/profile/views/{pk}/remove/").status_code == 303
    assert "Late ones" not in text(colleague, "/queue/")


def test_exports_hold_the_filtered_rows(boss: User, team: Team) -> None:
    offer("kept", team=team, priority=1)
    offer("left out", team=team, priority=4)
    client = browser(boss)
    csv = b"".join(client.get("/queue/export.csv?priority=1")).decode()
    assert "kept" in csv
    assert "left out" not in csv
    answer = client.get("/queue/export.xlsx")
    assert b"".join(answer)[:2] == b"PK"


@pytest.mark.parametrize(
    ("url", "budget"),
    [
        ("/queue/", 10),
        ("/queue/?view=mine", 10),
        ("/queue/?view=waiting", 10),
        ("/queue/?priority=3", 10),
        ("/board/", 10),
        ("/mine/", 10),
    ],
)
def test_lists_cost_the_same_for_one_row_and_three(
    anna: User, team: Team, url: str, budget: int, django_assert_max_num_queries: DjangoAssertNumQueries
) -> None:
    need = able(anna, "network", 2)
    client = browser(anna)

    def fill(title: str) -> None:
        offer(title, team=team, needs=[need], component=component(title))
        for verb in ({"reason": "visit"}, None):
            item = offer(f"{title} {bool(verb)}", team=team, needs=[need], component=component(f"{title}-{bool(verb)}"))
            client.post(f"/queue/{item.pk}/take/")
            if verb:
                client.post(f"/queue/{item.pk}/wait/", verb)

    def cost() -> int:
        client.get(url)
        with django_assert_max_num_queries(budget) as found:
            assert client.get(url).status_code == 200
        return len(found)

    fill("one")
    first = cost()
    for title in ("two", "three"):
        fill(title)
    assert cost() == first


def test_a_person_without_scripts_sees_forms_for_everything(anna: User, team: Team) -> None:
    offer("job", team=team)
    page = text(browser(anna), "/queue/")
    assert 'action="/queue/next/"' in page
    assert 'name="verb" value="take"' in page
