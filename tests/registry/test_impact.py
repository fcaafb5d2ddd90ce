"""What stops when a component stops: cycles, redundant paths, retired things, what work on it needs (DOMAIN K2, T1)."""

import itertools

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from registry import queries
from registry.models import Component, ComponentNeed, ComponentType, Relation, RelationKind, Service
from tests.factories import NOON
from workforce.models import Competence

pytestmark = pytest.mark.django_db


@pytest.fixture
def kind() -> ComponentType:
    return ComponentType.objects.create(code="box", name={"en": "Box"})


@pytest.fixture
def runs_on() -> RelationKind:
    found, _made = RelationKind.objects.get_or_create(
        code="rests-on", defaults={"verb": {"en": "rests on"}, "inverse": {"en": "carries"}, "carries_impact": True}
    )
    return found


def box(kind: ComponentType, tag: str, **fields: object) -> Component:
    return Component.objects.create(tag=tag, name=tag.upper(), type=kind, updated_at=NOON, **fields)


def service(kind: ComponentType, tag: str, users: int = 0, *, is_prioritised: bool = False) -> Component:
    found = box(kind, tag)
    Service.objects.create(component=found, code=tag, users=users, is_prioritised=is_prioritised)
    return found


def chain(kind: RelationKind, *boxes: Component) -> None:
    """Each rests on the next."""
    for source, target in itertools.pairwise(boxes):
        Relation.objects.create(source=source, target=target, kind=kind)


def test_services_are_found_through_any_depth_prioritised_and_largest_first(
    kind: ComponentType, runs_on: RelationKind
) -> None:
    switch, host, vm = (box(kind, tag) for tag in ("switch", "host", "vm"))
    mail, payroll, wiki = (
        service(kind, "mail", 900),
        service(kind, "payroll", 5, is_prioritised=True),
        service(kind, "wiki", 20),
    )
    chain(runs_on, vm, host, switch)
    for each in (mail, payroll, wiki):
        chain(runs_on, each, vm)
    hit = queries.services_hit(switch.pk)
    assert [(each.code, each.users, each.is_prioritised) for each in hit] == [
        ("payroll", 5, True), ("mail", 900, False), ("wiki", 20, False),
    ]  # fmt: skip
    assert [each.code for each in queries.services_hit(mail.pk)] == ["mail"]
    assert queries.services_hit_by([switch.pk, wiki.pk, 0]).keys() == {switch.pk, wiki.pk}


def test_cycles_end_and_the_component_itself_is_not_hit(kind: ComponentType, runs_on: RelationKind) -> None:
    one, two, three = (box(kind, tag) for tag in ("one", "two", "three"))
    chain(runs_on, one, two, three, one)
    found = queries.impact(one.pk)
    assert [(hit.tag, hit.depth) for hit in found.components] == [("three", 1), ("two", 2)]
    assert found.total == 2


def test_each_component_comes_once_by_its_shortest_path(kind: ComponentType, runs_on: RelationKind) -> None:
    root, left, right, top = (box(kind, tag) for tag in ("root", "left", "right", "top"))
    chain(runs_on, top, left, root)
    chain(runs_on, top, right, root)
    chain(runs_on, top, box(kind, "detour"), left)
    found = queries.impact(root.pk)
    hit = next(each for each in found.components if each.tag == "top")
    assert [(step.tag, step.verb["en"]) for step in hit.path] == [("left", "rests on"), ("root", "rests on")]
    assert [each.tag for each in found.components].count("top") == 1


def test_redundant_paths_do_not_double_the_work(kind: ComponentType, runs_on: RelationKind) -> None:
    """Twenty pairs on top of each other are a million paths and forty components."""
    below = [box(kind, "bottom")]
    bottom = below[0]
    for level in range(20):
        pair = [box(kind, f"pair-{level}-{side}") for side in "ab"]
        Relation.objects.bulk_create(
            Relation(source=each, target=under, kind=runs_on) for each in pair for under in below
        )
        below = pair
    found = queries.impact(bottom.pk)
    assert (found.total, found.components[-1].depth) == (40, 20)


def test_retired_components_and_relations_without_impact_carry_nothing(
    kind: ComponentType, runs_on: RelationKind
) -> None:
    root, gone, behind, beside = (box(kind, tag) for tag in ("root", "gone", "behind", "beside"))
    chain(runs_on, behind, gone, root)
    Component.objects.filter(pk=gone.pk).update(status="retired")
    silent = RelationKind.objects.create(code="documents", verb={}, inverse={}, carries_impact=False)
    chain(silent, beside, root)
    assert queries.impact(root.pk).components == ()
    Component.objects.filter(pk=gone.pk).update(status="in_use")
    RelationKind.objects.filter(pk=silent.pk).update(carries_impact=True)
    assert {hit.tag for hit in queries.impact(root.pk).components} == {"gone", "behind", "beside"}


def test_the_number_of_statements_does_not_depend_on_size(kind: ComponentType, runs_on: RelationKind) -> None:
    root = box(kind, "root")
    for number in range(3):
        chain(runs_on, box(kind, f"leaf-{number}"), root)
    with CaptureQueriesContext(
        connection,
    ) as three:
        assert queries.impact(root.pk, limit=2).total == 3
    assert len(queries.impact(root.pk, limit=2).components) == 2
    assert len(three) == 4


def test_needs_are_those_of_the_component_and_its_type_the_higher_level_of_both(kind: ComponentType) -> None:
    found = box(kind, "switch")
    network, power, old = (Competence.objects.create(code=code, name={}) for code in ("network", "power", "old"))
    ComponentNeed.objects.create(type=kind, competence=network, level=1)
    ComponentNeed.objects.create(component=found, competence=network, level=2)
    ComponentNeed.objects.create(type=kind, competence=power, level=3)
    Competence.objects.filter(pk=old.pk).update(retired_at=NOON)
    ComponentNeed.objects.create(component=found, competence=old, level=1)
    assert queries.needs_of(found.pk) == sorted([network.pk * 10 + 2, power.pk * 10 + 3])
