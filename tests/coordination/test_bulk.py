"""One verb for many rows: a result for each, Undo, all that match the filter."""

import re

import pytest
from django.test import Client

from accounts.models import Team, User
from coordination.models import WorkItem
from tests.coordination.arrange import many, offer
from tests.coordination.browse import browser, text

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


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
