"""Rules of the rank, limits and reasons under settings: tried, saved, restored, refused when stale."""

import re
from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Team, User
from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.models import Ranking, WorkItem
from journal.units import door
from tests.coordination.arrange import offer
from tests.coordination.browse import browser, text
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


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
