"""Components in the browser: list, page, edit with another's change, relations, import with a dry run."""

import re

import pytest
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts.models import User
from registry.models import Component, ComponentType, Relation, RelationKind, Service
from tests.factories import NOON, make_team, make_user, no_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    """Somebody who keeps the registry."""
    no_second_factor()
    return make_user("administrator")


@pytest.fixture
def client(keeper: User) -> Client:
    """Their browser."""
    browser = Client()
    browser.force_login(keeper)
    return browser


@pytest.fixture
def gateway_type() -> ComponentType:
    """A type with fields of its own."""
    fields = [
        {"key": "model", "type": "text", "required": True, "label": {"en": "Model"}},
        {"key": "ports", "type": "number", "label": {"en": "Ports"}},
    ]
    return ComponentType.objects.create(code="gateway", name={"en": "Gateway"}, fields=fields)


def make_component(tag: str, kind: ComponentType, **fields: object) -> Component:
    """A component as other tests need it."""
    return Component.objects.create(tag=tag, name=f"Name of {tag}", type=kind, updated_at=NOON, **fields)


def form_of(kind: ComponentType, **values: object) -> dict[str, object]:
    """A filled-in form."""
    plain = {"tag": "vpn-1", "name": "VPN gateway", "type": kind.pk, "status": "in_use", "criticality": 2}
    return {**plain, "own_model": "X200", "own_ports": "48", **values}


def test_a_component_is_added_and_shown_with_its_own_fields(client: Client, gateway_type: ComponentType) -> None:
    answer = client.post("/components/new/", form_of(gateway_type))
    assert (answer.status_code, answer["Location"]) == (303, "/components/vpn-1/")
    assert Component.objects.get().fields == {"model": "X200", "ports": 48}
    page = client.get("/components/vpn-1/").content.decode()
    assert "X200" in page
    assert "VPN gateway" in page


def test_a_wrong_value_is_refused_in_words_and_nothing_typed_is_lost(
    client: Client, gateway_type: ComponentType
) -> None:
    answer = client.post("/components/new/", form_of(gateway_type, own_ports="many", name="Kept name"))
    text = answer.content.decode()
    assert answer.status_code == 422
    assert "must be a number" in text
    assert "Kept name" in text
    assert Component.objects.count() == 0


def test_a_save_on_top_of_anothers_is_a_conflict(client: Client, gateway_type: ComponentType) -> None:
    make_component("vpn-1", gateway_type, version=3, fields={"model": "A"})
    answer = client.post("/components/vpn-1/edit/", form_of(gateway_type, version=2, name="Mine"))
    assert answer.status_code == 409
    assert "Mine" in answer.content.decode()
    assert client.post("/components/vpn-1/edit/", form_of(gateway_type, version=3, name="Mine")).status_code == 303
    assert Component.objects.get().version == 4


def test_relations_show_what_stops(client: Client, gateway_type: ComponentType) -> None:
    gateway, payroll = make_component("vpn-1", gateway_type), make_component("pay", gateway_type)
    Service.objects.create(component=payroll, code="payroll", users=412)
    needs = RelationKind.objects.create(code="depends_on", verb={"en": "depends on"}, inverse={"en": "supports"})
    client.post("/components/pay/relations/", {"kind": needs.pk, "target": "vpn-1"})
    assert Relation.objects.get().target_id == gateway.pk
    page = client.get("/components/vpn-1/").content.decode()
    assert f"<li>{payroll.name} " in page
    assert "412 people" in page
    again = client.post("/components/pay/relations/", {"kind": needs.pk, "target": "vpn-1"})
    assert again.status_code == 409


def test_a_technician_reads_but_does_not_edit(gateway_type: ComponentType) -> None:
    browser = Client()
    browser.force_login(make_user("technician"))
    make_component("vpn-1", gateway_type)
    assert browser.get("/components/vpn-1/").status_code == 200
    assert browser.get("/components/vpn-1/edit/").status_code == 403
    assert browser.post("/components/new/", form_of(gateway_type)).status_code == 403


def test_components_change_many_at_once_row_by_row_and_back_again(client: Client, gateway_type: ComponentType) -> None:
    team = make_team("net")
    for number in range(3):
        make_component(f"vpn-{number}", gateway_type, fields={"model": "A"})
    make_component("db-1", gateway_type, fields={})
    page = client.get("/components/?q=vpn").content.decode()
    assert "all 3 matching" in page
    asked = client.post("/components/bulk/?q=vpn", {"verb": "team", "all_matching": "1"}).content.decode()
    ids = re.findall(r'name="ids" value="(\d+)"', asked)
    assert len(ids) == 3
    answer = client.post("/components/bulk/?q=vpn", {"verb": "team", "go": "1", "ids": ids, "owner_team": team.pk})
    done = answer.content.decode()
    assert "3 done" in done
    assert Component.objects.filter(owner_team=team).count() == 3
    rows = re.search(r'name="rows" value="([^"]*)"', done)
    assert rows is not None
    last = Component.objects.get(tag="vpn-2")
    client.post(f"/components/{last.tag}/edit/", form_of(gateway_type, tag="vpn-2", version=last.version))
    undone = client.post("/components/bulk/undo/", {"rows": rows[1]}).content.decode()
    assert "2 done" in undone
    assert "has moved on since" in undone
    assert list(Component.objects.filter(tag__in=("vpn-0", "vpn-1")).values_list("owner_team", flat=True)) == [None] * 2
    assert "Nothing is selected" in client.post("/components/bulk/", {"verb": "status"}).content.decode()


def test_only_keepers_of_the_registry_change_many_at_once(gateway_type: ComponentType) -> None:
    no_second_factor()
    reader = Client()
    reader.force_login(make_user("technician"))
    one = make_component("vpn-1", gateway_type)
    assert reader.post("/components/bulk/", {"verb": "status", "ids": [one.pk]}).status_code == 403
    assert 'name="ids"' not in reader.get("/components/").content.decode()


def test_the_list_of_components_has_columns_views_and_a_workbook(client: Client, gateway_type: ComponentType) -> None:
    make_component("vpn-1", gateway_type, serial="S-77")
    assert "S-77" not in client.get("/components/").content.decode()
    chosen = client.get("/components/?col=name&col=serial").content.decode()
    assert "S-77" in chosen
    saved = client.post("/lists/components/views/save/", {"name": "Serials", "query": "col=name&col=serial"})
    assert (saved.status_code, saved["Location"]) == (303, "/components/?col=name&col=serial")
    assert "Serials" in client.get("/components/?q=x").content.decode()
    book = client.get("/components/export.xlsx")
    assert (book.status_code, book.content[:2]) == (200, b"PK")


@pytest.mark.parametrize("count", [1, 3])
def test_the_list_asks_the_same_number_of_questions(
    client: Client, gateway_type: ComponentType, count: int, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    for number in range(count):
        make_component(f"c-{number}", gateway_type, owner_team=make_team(f"team{number}"))
    client.get("/components/")
    with django_assert_num_queries(8):
        assert client.get("/components/").status_code == 200
