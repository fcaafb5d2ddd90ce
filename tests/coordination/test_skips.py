"""What people passed over and why, on the page of the rules: counted, never by person, leading to the work."""

from datetime import timedelta

import pytest
from django.utils import timezone

from accounts.models import Team, User
from accounts.queries import actor_for
from coordination import commands as work
from coordination.models import Skip, WorkItem
from journal.units import door
from tests.coordination.arrange import able, offer
from tests.coordination.browse import browser, text
from tests.factories import make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def skip(item: WorkItem, person: User, reason: str, note: str = "") -> None:
    actor = actor_for(person)
    with door(actor) as at:
        work.skip(item, reason=reason, note_text=note, actor=actor, at=at)


def test_skips_are_counted_by_kind_reason_and_needs_and_lead_to_the_work(anna: User, boss: User, team: Team) -> None:
    bo, need = make_user("technician", name="Bo Ek", team=team), able(make_user("technician", team=team), "network", 2)
    pole, other = offer("Climb the pole", team=team, needs=[need]), offer("Carry it", team=team, needs=[need])
    for item, person in ((pole, anna), (pole, bo), (other, bo)):
        skip(item, person, "pair", "too high alone")
    skip(offer("Old one", team=team), anna, "part")
    Skip.objects.filter(reason="part").update(at=timezone.now() - timedelta(days=31))
    (found,) = browser(make_user("administrator")).get("/settings/queue-rules/").context["skips"]
    assert (found.reason, found.needs_words, found.times, found.work_items) == ("pair", "Network level 2", 3, 2)
    reader = browser(make_user("manager"))
    page = text(reader, "/settings/queue-rules/")
    assert "Needs two people" in page
    assert f"/settings/queue-rules/skips/?{found.query.replace('&', '&amp;')}" in page
    behind = text(reader, f"/settings/queue-rules/skips/?{found.query}")
    assert behind.count("Climb the pole") == 2
    assert "too high alone" in behind
    assert "Old one" not in behind
    for said in (page, behind):
        assert "Anna Berg" not in said
        assert "Bo Ek" not in said
    assert reader.get("/api/v1/settings/ranking/skips/").json()["results"][0]["times"] == 3


def test_who_may_not_read_the_work_sees_the_count_alone(anna: User, team: Team) -> None:
    skip(offer("Climb the pole", team=team), anna, "pair")
    clerk, manager = browser(make_user("administrator")), browser(make_user("manager"))
    (found,) = clerk.get("/settings/queue-rules/").context["skips"]
    assert "Climb the pole" not in text(clerk, f"/settings/queue-rules/skips/?{found.query}")
    assert "Climb the pole" in text(manager, f"/settings/queue-rules/skips/?{found.query}")
    assert browser(anna).get("/settings/queue-rules/skips/").status_code == 403


def test_confidential_work_is_not_counted(team: Team) -> None:
    officer = make_user("security_officer", "technician", team=team)
    item = offer("secret", team=team)
    skip(item, officer, "pair")
    reader = browser(make_user("manager"))
    assert len(reader.get("/settings/queue-rules/").context["skips"]) == 1
    type(item.record).objects.filter(pk=item.record_id).update(confidential_class="security")
    assert reader.get("/settings/queue-rules/").context["skips"] == []
