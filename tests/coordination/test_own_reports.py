"""Of an own report that others handle, the queue and the filters tell nothing that its requester does not read.

Each denial has a twin: a colleague of the team that handles it, or the same person once the team is theirs.
"""

from collections.abc import Callable
from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Membership, Team, User
from accounts.queries import actor_for
from coordination import commands as work
from incidents.commands import IncidentOpening, open_incident
from journal.units import door
from records import commands as records
from records.models import Record
from records.policies import can_read_internal
from records.queries import internal_q
from tests.coordination.arrange import again, offer
from tests.coordination.browse import browser, text
from tests.factories import make_actor, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


@pytest.fixture
def server_team(db: None) -> Team:
    return make_team("servers")


@pytest.fixture
def colleague(server_team: Team) -> User:
    """A technician of the team that handles Anna's report."""
    return make_user("technician", team=server_team)


VIEWS: list[Callable[[Client], str]] = [
    lambda client: text(client, "/queue/"),
    lambda client: text(client, "/board/"),
    lambda client: b"".join(client.get("/queue/export.csv")).decode(),
    lambda client: client.get("/api/v1/work/").content.decode(),
]


@pytest.mark.parametrize("view", VIEWS)
def test_the_queue_leaves_out_own_reports_that_others_handle(
    anna: User, colleague: User, server_team: Team, view: Callable[[Client], str]
) -> None:
    offer("My own printer", team=server_team, requester=anna)
    assert "My own printer" not in view(browser(anna))
    assert "My own printer" in view(browser(colleague))


@pytest.mark.parametrize("is_caller", [False, True])
def test_its_work_item_is_not_there_until_the_team_is_ones_own(anna: User, server_team: Team, is_caller: bool) -> None:
    item = offer("My own printer", team=server_team, requester=None if is_caller else anna)
    if is_caller:
        agent = make_actor("agent")
        with door(agent):
            records.add_caller(item.record, anna, actor=agent, at=timezone.now())
    client = browser(anna)
    assert client.get(f"/queue/{item.pk}/").status_code == 404
    assert client.post(f"/queue/{item.pk}/skip/", {"reason": "pair"}).status_code == 404
    assert client.get("/queue/").context["counts"].everything == 0
    Membership.objects.create(user=anna, team=server_team)
    assert browser(User.objects.get(pk=anna.pk)).get(f"/queue/{item.pk}/").status_code == 200


def test_own_reports_that_one_was_given_to_do_stay_ones_own_work(anna: User, server_team: Team) -> None:
    item, boss = offer("My own printer", team=server_team, requester=anna), make_actor("coordinator")
    with door(boss):
        work.assign(item, anna, actor=boss, at=timezone.now())
    client = browser(anna)
    assert client.get(f"/queue/{item.pk}/").status_code == 200
    assert "My own printer" in text(client, "/queue/?view=mine")
    client.post(f"/queue/{item.pk}/take/")
    assert again(item).state == "in_progress"


@pytest.fixture
def report(anna: User, server_team: Team) -> Record:
    """Anna's own incident with another team: late, tagged, with a cause."""
    agent, now = make_actor("agent"), timezone.now()
    opening = IncidentOpening(title="My own printer", caller=anna, owner_team=server_team)
    with door(agent):
        incident = open_incident(opening, actor=agent, at=now)
    type(incident).objects.filter(pk=incident.pk).update(tags=["toner"], cause="hardware")
    Record.objects.filter(pk=incident.pk).update(due_at=now - timedelta(hours=1))
    return incident.record


@pytest.mark.parametrize(
    "query", ["tag=toner", "cause=hardware", "q=tag:toner", "team=servers", "sla=breach", "line=operations",
              "assignee=none", "channel=phone", "major=false"],
)  # fmt: skip
@pytest.mark.parametrize("address", ["/incidents/", "/incidents/export.csv", "/api/v1/incidents/"])
def test_filters_confirm_nothing_about_an_own_report(
    anna: User, colleague: User, report: Record, query: str, address: str
) -> None:
    def found(person: User, asked: str) -> bool:
        answer = browser(person).get(f"{address}?{asked}")
        body = b"".join(answer) if answer.streaming else answer.content
        return b"My own printer" in body

    assert not found(anna, query)
    assert found(anna, "priority=4&priority=3&priority=2&priority=1")
    if query not in ("line=operations", "channel=phone"):
        assert found(colleague, query)


def test_lists_and_policies_agree(anna: User, colleague: User, report: Record) -> None:
    other = make_user("technician")
    for person in (anna, colleague, other, make_user("agent"), make_user("auditor")):
        actor = actor_for(person)
        listed = Record.objects.filter(internal_q(actor), pk=report.pk).exists()
        assert listed == can_read_internal(actor, Record.objects.get(pk=report.pk)), person.name
