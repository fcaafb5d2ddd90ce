"""The description of the API is whole and true to itself: valid, every operation with examples and refusals."""

import json
from collections import Counter
from typing import Any

import jsonschema  # type: ignore[import-untyped]  # comes with drf-spectacular, without types
import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext
from drf_spectacular.drainage import GENERATOR_STATS
from drf_spectacular.generators import SchemaGenerator
from drf_spectacular.renderers import OpenApiJsonRenderer
from drf_spectacular.validation import validate_schema

from accounts.rest.schema import bodies, operations, parameters
from tests.factories import bearer, make_user

FILES = {"records_attach", "records_file"}
"""Operations whose only body is bytes."""


@pytest.fixture(scope="module")
def document() -> dict[str, Any]:
    """The document as clients get it."""
    GENERATOR_STATS.reset()
    make: Any = SchemaGenerator
    made = make().get_schema(request=None, public=True)
    assert not GENERATOR_STATS, "the generator warns: run manage.py spectacular"
    return json.loads(OpenApiJsonRenderer().render(made))


def test_it_is_a_valid_document_of_openapi_3_1(document: dict[str, Any]) -> None:
    assert document["openapi"] == "3.1.0"
    validate: Any = validate_schema
    validate(document)


def test_operations_have_names_of_their_own(document: dict[str, Any]) -> None:
    names = [operation["operationId"] for _path, _method, operation in operations(document)]
    assert len(names) > 150
    assert sorted(set(names)) == sorted(names)


def test_every_operation_says_what_it_does(document: dict[str, Any]) -> None:
    silent = [
        operation["operationId"]
        for _path, _method, operation in operations(document)
        if not operation.get("summary") or not operation.get("description") or not operation.get("tags")
    ]
    assert silent == []


def test_every_body_has_an_example_that_fits(document: dict[str, Any]) -> None:
    faults, shown = [], set()
    for _path, _method, operation in operations(document):
        name = operation["operationId"]
        for body in bodies(operation):
            values = [body["example"]] if "example" in body else [each["value"] for each in body["examples"].values()]
            shown.add(name)
            root = {**body["schema"], "components": document["components"]}
            checker = jsonschema.Draft202012Validator(root)
            faults += [f"{name}: {fault.json_path} {fault.message}" for v in values for fault in checker.iter_errors(v)]
    assert faults == []
    without = {
        operation["operationId"]
        for _path, _method, operation in operations(document)
        if "204" not in operation["responses"]
    } - shown
    assert without <= FILES


def test_every_operation_says_how_it_refuses(document: dict[str, Any]) -> None:
    faults = []
    for path, method, operation in operations(document):
        wanted = {"401", "403", "429", "503"} | ({"404"} if "{" in path else set())
        wanted |= {"400", "415", "422"} if "requestBody" in operation else set()
        wanted |= {"409"} if method != "get" else set()
        named = {each["name"] for each in parameters(document, operation)}
        wanted |= {"412"} if "If-Match" in named else set()
        if method == "post" and "Idempotency-Key" not in named:
            faults.append(f"{operation['operationId']} has no Idempotency-Key")
        missing = wanted - set(operation["responses"])
        faults += [f"{operation['operationId']} does not say {sorted(missing)}"] if missing else []
    assert faults == []
    for name, answer in document["components"]["responses"].items():
        example = answer["content"]["application/problem+json"]["example"]
        assert example["status"] == int(name.removeprefix("Refused")), name
        assert example["detail"].endswith((".", "request.")), name


def test_lists_come_in_pages(document: dict[str, Any]) -> None:
    bare = []
    for _path, method, operation in operations(document):
        content = operation["responses"].get("200", {}).get("content", {}).get("application/json", {})
        schema = content.get("schema", {})
        if method == "get" and schema.get("type") == "array":
            bare.append(operation["operationId"])
    assert bare == []


def test_what_is_sent_is_closed(document: dict[str, Any]) -> None:
    schemas, open_ones = document["components"]["schemas"], []
    for _path, _method, operation in operations(document):
        for content in operation.get("requestBody", {}).get("content", {}).values():
            name = content["schema"].get("$ref", "").rpartition("/")[2]
            if name and schemas[name].get("additionalProperties") is not False:
                open_ones.append(operation["operationId"])
    assert open_ones == []


def test_what_many_say_is_said_once(document: dict[str, Any]) -> None:
    """Cursors, the Idempotency-Key and If-Match stand among the components; the document is half as long for it."""
    assert {"QueryAfter", "QueryLimit", "HeaderIdempotencyKey", "HeaderIfMatch"} <= set(
        document["components"]["parameters"]
    )
    said = Counter(
        json.dumps(each, sort_keys=True)
        for _path, _method, operation in operations(document)
        for each in operation["parameters"]
        if "$ref" not in each
    )
    assert [text for text, times in said.items() if times > 2] == []
    assert len(json.dumps(document, separators=(",", ":"))) < 450_000


@pytest.mark.django_db
def test_the_description_is_written_once_for_each_language() -> None:
    machine = bearer(make_user("agent"), "records:read")
    url, client = "/api/v1/schema/?format=json", Client()
    first = client.get(url, headers=machine)
    assert (first.status_code, first.json()["openapi"], b"\n" in first.content) == (200, "3.1.0", False)
    known = client.get(url, headers=machine | {"If-None-Match": first["ETag"]})
    assert (known.status_code, known.content) == (304, b"")
    assert client.get(f"{url}&lang=sv", headers=machine).status_code == 200
    assert b"openapi: 3.1.0" in client.get("/api/v1/schema/", headers=machine).content
    with CaptureQueriesContext(connection) as asked:
        assert client.get(url, headers=machine)["ETag"] == first["ETag"]
    assert len(asked) <= 2
