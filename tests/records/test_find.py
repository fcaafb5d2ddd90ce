"""The search box over records, people and components: what each role finds, in which order, never what it may not."""

import pytest
from django.core.management import call_command

from accounts.commands.guests import add_guest
from accounts.queries import SYSTEM
from journal.models import SearchDocument
from journal.queries.kinds import Kind, register_kind
from journal.units import door
from kernel.actor import Actor
from records import commands as records
from records.queries.find import find
from registry.commands import save_component
from registry.models import ComponentType
from tests.factories import NOON, make_actor, make_team, make_user
from tests.records.flow import FLOW, moved, opened

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def kind() -> None:
    register_kind(Kind("incident", "Incident", "incident", "no:page", prefix="INC", workflow=FLOW))


def found(actor: Actor, text: str) -> list[tuple[str, str]]:
    return [(hit.kind, hit.title) for hit in find(actor, text, at=NOON).hits]


def fill() -> Actor:
    """One of each kind called Malmö, and a closed record."""
    agent = make_actor("agent")
    opened(agent, "Malmö printer")
    moved(opened(agent, "Malmö closed"), "end", agent)
    gateway = ComponentType.objects.create(code="gateway", name={"en": "Gateway"})
    with door(SYSTEM) as at:
        save_component(None, {"tag": "gw-2", "name": "Malmö gateway", "type": gateway}, actor=SYSTEM, at=at)
    with door(agent) as at:
        add_guest(name="Malmö Ek", phone="040 123", actor=agent, at=at)
    return agent


def test_everything_in_order_open_before_closed() -> None:
    assert found(fill(), "malmö") == [
        ("incident", "Malmö printer"),
        ("component", "Malmö gateway"),
        ("person", "Malmö Ek"),
        ("incident", "Malmö closed"),
    ]


def test_modes_narrow() -> None:
    agent = fill()
    assert found(agent, "@malmö") == [("person", "Malmö Ek")]
    assert found(agent, ":gw") == [("component", "Malmö gateway")]
    assert [kind for kind, _title in found(agent, "# malmö")] == ["incident", "incident"]
    assert found(agent, "@040123") == [("person", "Malmö Ek")]


def test_each_role_finds_what_it_may_see() -> None:
    fill()
    assert found(make_actor(), "malmö") == []
    assert sorted(kind for kind, _title in found(make_actor("technician"), "malmö")) == ["component", "person"]
    net = make_team()
    opened(make_actor("agent"), "Malmö switch", owner_team=net)
    assert ("incident", "Malmö switch") in found(make_actor("technician", team=net), "malmö")
    assert ("incident", "Malmö switch") not in found(make_actor("technician", team=make_team()), "malmö")


def test_internal_words_are_found_by_nobody_and_descriptions_by_readers() -> None:
    agent, anna = make_actor("agent"), make_user()
    record = opened(agent, "Odd noise", requester=anna, description="whirring turbine")
    records.comment(record, body="canaryinternal", is_public=False, actor=agent, at=NOON)
    assert found(agent, "canaryinternal") == []
    assert found(agent, "turbine") == [("incident", "Odd noise")]


def test_a_hit_says_where_it_matched_and_a_misspelling_what_was_meant() -> None:
    agent = fill()
    assert find(agent, "print", at=NOON).hits[0].parts == [("Malmö", False), ("printer", True)]
    assert find(agent, "gatevay", at=NOON).meant == "gateway"
    assert find(make_actor(), "gatevay", at=NOON).meant == ""


def test_documents_can_be_made_anew() -> None:
    agent = fill()
    before = sorted(SearchDocument.objects.values_list("subject_kind", "subject_id", "title", "tsv"))
    SearchDocument.objects.all().delete()
    call_command("reindex", verbosity=0)
    after = sorted(SearchDocument.objects.values_list("subject_kind", "subject_id", "title", "tsv"))
    assert set(before) <= set(after)
    assert len(found(agent, "malmö")) == 4
