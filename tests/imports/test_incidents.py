"""Open incidents of another tool come in once, by the command that opens them, and closed ones are left alone."""

import pytest
from django.test import Client

from coordination.models import WorkItem
from incidents.models import Incident
from journal.models import Event
from records.models import Record
from registry.models import Component, ComponentType, Service
from tests.factories import NOON, make_team, make_user
from tests.imports.help import bring, browser_of, counts, faults, import_all, take

pytestmark = pytest.mark.django_db

FILE = (
    "Number,Title,Description,Requester,Service,Component,Team,Impact,Urgency,Priority,Tags,Opened at,State\n"
    'HD-1,VPN drops,"Since, noon",anna@region.example,vpn,,,2,1,,vpn home,2026-02-01 08:00,In progress\n'
    "HD-2,Printer,,,,prn-1,net,,,3,,,Open\n"
    "HD-3,Old fault,,,,,,,,,,,Closed\n"
)


@pytest.fixture
def client() -> Client:
    """The browser of an agent of the desk; what the file names is there."""
    browser = browser_of("agent", team=make_team("desk", is_desk=True))
    make_user(name="Anna", email="anna@region.example")
    make_team("net")
    kind = ComponentType.objects.create(code="thing", name={"en": "Thing"})
    vpn, _printer = (
        Component.objects.create(tag=tag, name=tag, type=kind, updated_at=NOON) for tag in ("vpn-1", "prn-1")
    )
    Service.objects.create(component=vpn, code="vpn")
    return browser


def test_open_incidents_come_in_as_new_ones_and_closed_ones_stay_out(client: Client) -> None:
    tried = bring(client, "incidents", FILE)
    assert counts(tried) == {"add": 2, "left": 1}
    assert "only open incidents are brought in" in tried.content.decode()
    assert take(client, tried).status_code == 303
    first, second = Incident.objects.select_related("record").order_by("pk")
    assert (first.record.title, first.record.description) == ("VPN drops", "Since, noon")
    assert (first.record.requester and first.record.requester.name, first.record.contact_owner) == ("Anna", None)
    assert (first.impact, first.urgency, sorted(first.tags)) == (2, 1, ["home", "imported", "ref:HD-1", "vpn"])
    assert (second.record.owner_team and second.record.owner_team.code, second.record.priority) == ("net", 3)
    assert second.record.state == "new"
    assert WorkItem.objects.filter(record=second.record).exists()
    noted = Event.objects.get(code="incident.imported", subject_id=first.pk)
    assert noted.data == {"reference": "HD-1", "opened": "2026-02-01 07:00 UTC", "state": "In progress"}


def test_the_same_file_again_brings_nothing_in(client: Client) -> None:
    import_all(client, "incidents", FILE)
    again = bring(client, "incidents", FILE)
    assert counts(again) == {"left": 3}
    assert Record.objects.count() == 2


def test_the_own_export_is_recognised(client: Client) -> None:
    import_all(client, "incidents", FILE)
    exported = client.get("/incidents/export.csv?state=all").getvalue()
    assert counts(bring(client, "incidents", exported)) == {"left": 2}


def test_a_number_that_is_another_incident_here_is_a_fault(client: Client) -> None:
    import_all(client, "incidents", FILE)
    number = Record.objects.first().number  # type: ignore[union-attr]  # two are there
    tried = bring(client, "incidents", f"reference,title\n{number},Something else\n")
    assert faults(tried) == [
        f"Column reference: here {number} is another incident. Write the name of the other tool before it."
    ]


def test_what_nobody_knows_is_named_by_its_column(client: Client) -> None:
    tried = bring(client, "incidents", "reference,title,requester,impact\nHD-9,Fault,nobody@region.example,high\n")
    assert faults(tried) == [
        "Column requester: there is no person called “nobody@region.example”. Add it first, or correct the cell.",
        "Column impact: write a whole number from 1 to 4.",
    ]


def test_requesters_do_not_bring_incidents(client: Client) -> None:
    requester = Client()
    requester.force_login(make_user("requester"))
    assert requester.get("/data/incidents/import/").status_code == 403
    assert client.get("/data/incidents/import/").status_code == 200
