"""The same trial and import over REST, with the same permissions."""

from io import BytesIO

import pytest
from django.test import Client

from accounts.models import Team
from registry.models import Component, ComponentType
from tests.factories import bearer, make_user

pytestmark = pytest.mark.django_db
JSON = "application/json"


def test_components_are_tried_out_and_taken_in_by_a_token() -> None:
    ComponentType.objects.create(code="server", name={"en": "Server"})
    client, head = Client(), bearer(make_user("administrator"), "registry:write")
    lists = client.get("/api/v1/imports/", headers=head).json()
    codes = [each["code"] for each in lists.get("results", lists.get("items", []))]
    assert "components" in codes
    assert "people" not in codes
    text = "tag,name,type\nsrv-1,One,server\nsrv-2,,server\n"
    tried = client.post("/api/v1/imports/components/", {"text": text}, content_type=JSON, headers=head)
    assert tried.status_code == 201
    body = tried.json()
    assert (body["is_ready"], body["counts"]["add"], body["counts"]["fault"]) == (False, 1, 1)
    assert body["rows"][1]["faults"] == ["Column name: a new row needs it."]
    where = f"/api/v1/imports/components/{body['id']}/"
    assert client.post(where, {"seen": body["seen"]}, content_type=JSON, headers=head).status_code == 422
    file = BytesIO(text.replace("srv-2,,", "srv-2,Two,").encode())
    file.name = "x.csv"
    again = client.post("/api/v1/imports/components/", {"file": file}, headers=head).json()
    where = f"/api/v1/imports/components/{again['id']}/"
    stale = client.post(where, {"seen": body["seen"]}, content_type=JSON, headers=head)
    assert (stale.status_code, stale.json()["code"]) == (409, "stale")
    done = client.post(where, {"seen": again["seen"]}, content_type=JSON, headers=head)
    assert (done.status_code, done.json()) == (200, {"added": 2, "changed": 0, "same": 0, "refused": []})
    assert Component.objects.count() == 2
    assert client.get(where, headers=head).json()["counts"]["same"] == 2


def test_a_token_brings_only_what_its_scopes_and_roles_allow() -> None:
    client, text = Client(), {"text": "code,name_en\nnet,Network\n"}
    narrow = bearer(make_user("administrator"), "registry:write")
    assert client.post("/api/v1/imports/teams/", text, content_type=JSON, headers=narrow).status_code == 403
    agent = bearer(make_user("agent"), "settings:write", "records:write")
    assert client.post("/api/v1/imports/teams/", text, content_type=JSON, headers=agent).status_code == 403
    wide = bearer(make_user("administrator"), "settings:write")
    made = client.post("/api/v1/imports/teams/", text, content_type=JSON, headers=wide)
    assert made.status_code == 201
    where = f"/api/v1/imports/teams/{made.json()['id']}/"
    other = bearer(make_user("administrator"), "settings:write")
    assert client.get(where, headers=other).status_code == 404
    assert Team.objects.count() == 0
    taken = client.post(where, {"seen": made.json()["seen"]}, content_type=JSON, headers=wide)
    assert taken.json()["added"] == 1
    assert client.post("/api/v1/imports/none/", text, content_type=JSON, headers=wide).status_code == 404
    assert client.post("/api/v1/imports/teams/", {}, content_type=JSON, headers=wide).status_code == 422
