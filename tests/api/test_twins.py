"""What the browser can do, the API can do: every address of the browser has its operations or a reason (DOMAIN X6)."""

from typing import Any

import pytest
from drf_spectacular.generators import SchemaGenerator

from accounts.rest.schema import operations
from incidents.forms.listing import BULK_VERBS
from incidents.forms.verbs import VERBS
from tests.api.twins import NONE, TWINS
from tests.authz.routes import Route, routes


@pytest.fixture(scope="module")
def methods() -> dict[str, str]:
    """Each operation and its method."""
    make: Any = SchemaGenerator
    document = make().get_schema(request=None, public=True)
    return {operation["operationId"]: method for _path, method, operation in operations(document)}


def of_the_browser() -> list[Route]:
    return [route for route in routes() if not route.is_api]


def unlisted(found: list[Route], twins: dict[str, str], none: dict[str, str]) -> list[str]:
    """Addresses that stand in neither table."""
    return sorted({route.name for route in found} - set(twins) - set(none))


def silent(found: list[Route], twins: dict[str, str], methods: dict[str, str]) -> list[str]:
    """Addresses that change something though none of their operations does."""
    changing = {route.name for route in found if set(route.methods) - {"GET"}} & set(twins)
    return sorted(name for name in changing if all(methods.get(each) == "get" for each in twins[name].split()))


def test_every_address_of_the_browser_is_listed() -> None:
    """A new page: build its operations, or say in twins.py why there are none."""
    assert unlisted(of_the_browser(), TWINS, NONE) == []


def test_nothing_is_listed_that_is_not_there(methods: dict[str, str]) -> None:
    names = {route.name for route in of_the_browser()}
    assert sorted((set(TWINS) | set(NONE)) - names) == []
    assert sorted(set(TWINS) & set(NONE)) == []
    assert sorted({each for said in TWINS.values() for each in said.split()} - set(methods)) == []


def test_what_changes_something_has_an_operation_that_does(methods: dict[str, str]) -> None:
    assert silent(of_the_browser(), TWINS, methods) == []


def test_every_reason_is_a_sentence() -> None:
    assert [name for name, why in NONE.items() if len(why) < 20 or not why.endswith(".")] == []


def test_every_step_and_every_verb_for_many_is_an_operation() -> None:
    assert set(TWINS["incidents:step"].split()) == {f"incidents_{name}" for name in VERBS}
    assert set(TWINS["incidents:bulk"].split()) == {f"incidents_bulk_{verb.name}" for verb in BULK_VERBS}


def test_the_guard_goes_red(methods: dict[str, str]) -> None:
    """A page that nobody listed, and one that changes something with a twin that only reads."""
    page = Route("incidents:explode", "incidents:explode", (), ("GET", "POST"), is_api=False, is_open=True)
    assert unlisted([page], TWINS, NONE) == ["incidents:explode"]
    assert silent([page], {"incidents:explode": "incidents_list"}, methods) == ["incidents:explode"]
    assert silent([page], {"incidents:explode": "incidents_list incidents_open"}, methods) == []
