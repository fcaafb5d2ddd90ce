"""The queue in the browser: rows with reasons, tabs, filters, live polls, pages, exports, what lists cost."""

from datetime import timedelta

import pytest
from django.utils import timezone
from pytest_django import DjangoAssertNumQueries

from accounts.models import SavedView, Team, User
from coordination.models import Ranking
from records.models import Record
from tests.coordination.arrange import able, again, component, many, offer
from tests.coordination.browse import HTMX, browser, text
from tests.factories import make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


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
