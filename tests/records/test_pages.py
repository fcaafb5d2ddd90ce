"""What a browser gets: the frame, the time line, the composer, facts in place, drafts, search, own records."""

import re
from urllib.parse import urlencode

import pytest
from django.test import Client

from accounts.queries import actor_for
from journal.queries.kinds import Kind, register_kind
from journal.units import door
from records import commands as records
from records.models import Comment, Draft, Record
from tests.factories import NOON, make_user
from tests.records.flow import FLOW, opened

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}


@pytest.fixture(autouse=True)
def kind() -> None:
    """Records of the small process have a kind without a page of its own."""
    register_kind(Kind("incident", "Incident", "incident", "no:page", prefix="INC", workflow=FLOW))


@pytest.fixture
def agent(client: Client) -> Client:
    """A browser signed in as an agent."""
    client.force_login(make_user("agent", name="Jo Ahl"))
    return client


def a_record(**facts: object) -> Record:
    return opened(actor_for(make_user("agent")), requester=make_user(name="Anna Berg"), **facts)


def test_the_page_shows_header_time_line_and_composer(agent: Client) -> None:
    record = a_record(description="MTU **1500**")
    page = agent.get(f"/records/{record.number}/")
    assert page.status_code == 200
    html = page.content.decode()
    assert record.number in html
    assert "<strong>1500</strong>" in html
    assert "Send to Anna Berg" in html
    assert "Save internal note" in html


def test_a_comment_is_saved_and_says_who_reads_it(agent: Client) -> None:
    record = a_record()
    url = f"/records/{record.number}/comment/"
    refused = agent.post(url, {"text": "Hello"}, headers=HTMX)
    assert refused.status_code == 422
    assert "Choose who reads this" in refused.content.decode()
    assert "Hello" in refused.content.decode()
    saved = agent.post(url, {"text": "Hello", "audience": "public"})
    assert (saved.status_code, saved["Location"]) == (303, f"/records/{record.number}/")
    assert Comment.objects.get().is_public is True
    again = agent.post(url, {"text": "Note", "audience": "internal"}, headers=HTMX)
    assert again.status_code == 200
    assert 'hx-swap-oob="true"' in again.content.decode()


def test_the_same_fact_changed_by_another_shows_both(agent: Client) -> None:
    record = a_record()
    li = actor_for(make_user("agent", name="Li"))
    url = f"/records/{record.number}/fields/title/"
    form = agent.get(url, headers=HTMX)
    assert 'name="saw" value="VPN drops"' in form.content.decode()
    with door(li) as at:
        records.edit_fields(record, seen={}, values={"title": "VPN is down"}, allowed=("title",), actor=li, at=at)
    stale = agent.post(url, {"title": "VPN slow", "saw": "VPN drops"}, headers=HTMX)
    html = stale.content.decode()
    assert stale.status_code == 409
    assert "VPN is down" in html
    assert "VPN slow" in html
    assert "Li" in html
    assert agent.post(url, {"title": "VPN slow", "saw": "VPN is down"}, headers=HTMX).status_code == 200
    assert Record.objects.get(pk=record.pk).title == "VPN slow"


def test_what_is_typed_into_a_fact_is_kept_until_it_is_saved(agent: Client) -> None:
    record = a_record()
    li = actor_for(make_user("agent", name="Li"))
    url = f"/records/{record.number}/fields/title/"
    key, keeping = f"record:{record.pk}:fact:title", {"text": "VPN drops when it", "saw": "VPN drops"}
    assert agent.post(f"/drafts/{key}/?url={url}", keeping).status_code == 204
    with door(li) as at:
        records.edit_fields(record, seen={}, values={"title": "VPN is down"}, allowed=("title",), actor=li, at=at)
    form = agent.get(url, headers=HTMX).content.decode()
    assert 'value="VPN drops when it"' in form
    assert 'name="saw" value="VPN drops"' in form  # what was seen when it was begun: Li's title is not overwritten
    assert f'href="{url}"' in agent.get("/drafts/").content.decode()
    assert agent.post(url, {"title": "VPN drops when it rains", "saw": "VPN drops"}, headers=HTMX).status_code == 409
    assert Draft.objects.get().key == key
    assert agent.post(url, {"title": "VPN drops when it rains", "saw": "VPN is down"}, headers=HTMX).status_code == 200
    assert not Draft.objects.exists()


def test_a_draft_leads_to_a_page_of_ours_only(agent: Client) -> None:
    for address in ("https://elsewhere.example/", "//elsewhere.example/", "javascript:alert(1)"):
        agent.post(f"/drafts/note/?{urlencode({'url': address})}", {"text": "Half a thought"})
        assert Draft.objects.get().url == ""


def test_a_fact_is_searched_for_and_picked_with_and_without_scripts(agent: Client) -> None:
    record, bo = a_record(), make_user(name="Bo Ek", email="bo@region.example")
    make_user(name="Bo Alm")
    url = f"/records/{record.number}/fields/requester/"
    form = agent.get(url).content.decode()
    assert "Anna Berg" in form
    assert 'name="look" value="requester"' in form
    typed = agent.get(f"{url}choices/?look_requester=bo", headers=HTMX).content.decode()
    assert ["Bo Alm" in typed, "Bo Ek" in typed] == [True, True]
    looked = agent.post(url, {"look": "requester", "look_requester": "bo ek", "requester": ""})
    assert looked.status_code == 200
    assert f'value="{bo.pk}" checked' in looked.content.decode()
    vague = agent.post(url, {"look_requester": "bo", "saw": str(record.requester_id)})
    assert (vague.status_code, "Choose one of these." in vague.content.decode()) == (422, True)
    saved = agent.post(url, {"requester": str(bo.pk), "saw": str(record.requester_id)})
    assert saved.status_code == 303
    assert Record.objects.get().requester == bo
    typed_only = agent.post(url, {"look_requester": "bo alm", "saw": str(bo.pk)})
    assert typed_only.status_code == 303
    assert agent.get(f"/records/{record.number}/fields/title/choices/").status_code == 404


def test_only_those_who_may_edit_search_for_facts(client: Client) -> None:
    anna = make_user(name="Anna Berg")
    record = opened(actor_for(make_user("agent")), requester=anna)
    client.force_login(anna)
    assert client.get(f"/records/{record.number}/fields/component/choices/?look_component=x").status_code == 403


def test_a_line_stands_before_what_others_did_since_the_last_visit(agent: Client) -> None:
    record = a_record()
    url, other = f"/records/{record.number}/", actor_for(make_user("agent"))
    assert "New since your last visit" not in agent.get(url).content.decode()
    agent.post(f"{url}comment/", {"text": "my own words", "audience": "internal"})
    with door(other) as at:
        records.comment(record, body="their words", is_public=False, actor=other, at=at)
    page = agent.get(url).content.decode()
    assert page.index("my own words") < page.index("New since your last visit") < page.index("their words")
    live = re.search(r'hx-get="([^"]*/timeline/[^"]*)"', page)
    assert live is not None
    poll = agent.get(live[1].replace("&amp;", "&"), headers=HTMX).content.decode()
    assert poll.index("New since your last visit") < poll.index("their words")
    assert "New since your last visit" not in agent.get(url).content.decode()


def test_drafts_are_kept_listed_and_dropped(agent: Client) -> None:
    record = a_record()
    key = f"record:{record.pk}:comment"
    assert agent.post(f"/drafts/{key}/", {"text": "half a sent"}).status_code == 204
    assert "half a sent" in agent.get(f"/records/{record.number}/").content.decode()
    listed = agent.get("/drafts/").content.decode()
    assert record.number in listed
    assert "half a sent" in listed
    assert agent.delete(f"/drafts/{key}/").status_code == 204
    assert Draft.objects.count() == 0


def test_numbers_jump_and_words_find(agent: Client) -> None:
    record = a_record()
    for path in (f"/{record.number}/", f"/{record.number.lower()}/", f"/{record.number.rpartition('-')[2]}/"):
        assert agent.get(path)["Location"] == f"/records/{record.number}/"
    assert agent.get("/find/", {"q": record.number})["Location"] == f"/records/{record.number}/"
    assert record.number in agent.get("/find/", {"q": "drop"}).content.decode()
    palette = agent.get("/find/", {"q": "vpn", "palette": "1"}, headers=HTMX).content.decode()
    assert 'role="option"' in palette
    assert record.number in palette


def test_live_entries_answer_304_until_something_happens(agent: Client) -> None:
    record = a_record()
    url = f"/records/{record.number}/timeline/"
    tag = agent.get(url, headers=HTMX)["ETag"]
    assert agent.get(url, headers={**HTMX, "If-None-Match": tag}).status_code in (200, 304)


def test_a_requester_reads_and_answers_only_what_is_public(client: Client) -> None:
    anna = make_user(name="Anna Berg")
    jo = actor_for(make_user("agent", name="Jo"))
    record = opened(jo, requester=anna)
    for body, is_public in (("canary-internal", False), ("canary-public", True)):
        with door(jo):
            records.comment(record, body=body, is_public=is_public, actor=jo, at=NOON)
    client.force_login(anna)
    assert record.number in client.get("/my/").content.decode()
    html = client.get(f"/my/{record.number}/").content.decode()
    assert "canary-public" in html
    assert "canary-internal" not in html
    values = {"text": "Still broken", "audience": "public", "from": "my", "next": f"/my/{record.number}/"}
    assert client.post(f"/records/{record.number}/comment/", values)["Location"] == f"/my/{record.number}/"
    assert "Still broken" in client.get(f"/my/{record.number}/").content.decode()
