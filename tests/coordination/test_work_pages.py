"""One work item in the browser: pick next, every verb as a plain form, assigning, the explanation."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Team, User
from coordination.models import Boost, Ranking, Skip, WorkItem
from tests.coordination.arrange import able, again, offer, set_limits
from tests.coordination.browse import browser, text
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


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


def test_the_explanation_compares_two_rows(boss: User, team: Team) -> None:
    high, low = offer("high", team=team, priority=1), offer("low", team=team, priority=2)
    page = text(browser(boss), f"/queue/{high.pk}/?with={low.record.number}")
    assert "Number 1 in the queue with 300 points, by rules version 1." in page
    assert f"{low.record.number} is number 2 with 200 points; the difference is 100." in page
    assert "priority P1 / priority P2" in page
