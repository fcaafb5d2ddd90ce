"""What the page promises: few statements, no word lost, no internal word to a requester, changes kept for the audit."""

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from accounts.queries import actor_for
from journal.queries.kinds import Kind, register_kind
from journal.units import door
from kernel.events import EventType, register
from records import commands as records
from records.models import Comment, Draft, Record
from records.queries.timeline import timeline
from records.queries.trail import Line, trail
from tests.factories import NOON, make_user, no_second_factor
from tests.records.flow import FLOW, moved, opened

pytestmark = pytest.mark.django_db
HTMX = {"HX-Request": "true"}
CANARY = "canary7f3a"
register(EventType("incident.whispered", "Whispered: %(words)s", public=False))
register(EventType("incident.told", "Told: %(words)s %(secret)s", public=True, public_keys=("words",)))


@pytest.fixture(autouse=True)
def kind() -> None:
    register_kind(Kind("incident", "Incident", "incident", "no:page", prefix="INC", workflow=FLOW))


def signed_in(person: User) -> Client:
    browser = Client()
    browser.force_login(person)
    return browser


def statements(browser: Client, path: str) -> int:
    browser.get(path)
    with CaptureQueriesContext(
        connection,
    ) as seen:
        assert browser.get(path).status_code == 200
    return len(seen)


def test_a_page_costs_the_same_with_one_and_with_many_entries() -> None:
    jo = make_user("agent")
    agent, browser = actor_for(jo), signed_in(jo)
    short, long = opened(agent, requester=make_user()), opened(agent, requester=make_user())
    for place in range(10):
        records.comment(long, body=f"{place}", is_public=place % 2 == 0, actor=agent, at=NOON)
        records.link(long, opened(agent), kind="relates_to", actor=agent, at=NOON)
    records.comment(short, body="one", is_public=False, actor=agent, at=NOON)
    few, many = (statements(browser, f"/records/{record.number}/") for record in (short, long))
    assert few == many
    assert many <= 10


def secrets_on(record: Record, agent_user: User) -> None:
    """Something internal of every kind."""
    agent = actor_for(agent_user)
    other = opened(agent, f"{CANARY} other record")
    duplicate = opened(agent, f"{CANARY} duplicate", requester=make_user(name=f"{CANARY} caller"))
    records.comment(duplicate, body=f"{CANARY} on the duplicate", is_public=False, actor=agent, at=NOON)
    records.comment(duplicate, body=f"{CANARY} reply to another", is_public=True, actor=agent, at=NOON)
    records.comment(record, body=f"{CANARY} note", is_public=False, actor=agent, at=NOON,
                    files=[records.keep(f"{CANARY}.txt", [b"x"])])  # fmt: skip
    records.add_caller(record, make_user(name=f"{CANARY} third"), actor=agent, at=NOON)
    records.watch(record, user=make_user("technician", name=f"{CANARY} helper"), actor=agent, at=NOON)
    records.link(record, other, kind="caused_by", actor=agent, at=NOON)
    records.merge_into(duplicate, record, actor=agent, at=NOON)
    with door(agent) as at:
        locked_at = records.lock(record, at=at)
        records.note(record, "incident.whispered", actor=agent, at=locked_at, words=CANARY)
        records.note(record, "incident.told", actor=agent, at=locked_at, words="we are on it", secret=CANARY)


def test_no_internal_word_reaches_a_requester_by_any_address() -> None:
    anna, jo = make_user(), make_user("agent")
    record = opened(actor_for(jo), requester=anna)
    secrets_on(record, jo)
    requester, agent = signed_in(anna), signed_in(jo)
    paths = [
        f"/my/{record.number}/", "/my/", f"/records/{record.number}/", f"/records/{record.number}/timeline/",
        f"/records/{record.number}/timeline/?show=messages", f"/find/?q={CANARY}", "/find/?q=vpn", "/drafts/",
        f"/records/{record.number}/related/", f"/records/{record.number}/audit/", f"/records/{record.number}/presence/",
        f"/records/{record.number}/fields/title/",
    ]  # fmt: skip
    for headers in ({}, HTMX):
        answers = {path: requester.get(path, headers=headers) for path in paths}
        assert [
            path
            for path, answer in answers.items()
            if CANARY
            in answer.content.decode()
            .replace(f"q={CANARY}", "")
            .replace(f'value="{CANARY}"', "")
            .replace(f"“{CANARY}”", "")
            .replace(f"<title>{CANARY}", "")
        ] == []
    assert "we are on it" in requester.get(f"/my/{record.number}/").content.decode()
    assert CANARY in agent.get(f"/records/{record.number}/timeline/").content.decode()


def test_staff_read_the_words_on_a_duplicate_and_its_requester_does_not_read_the_others() -> None:
    bo, jo = make_user(), make_user("agent")
    agent = actor_for(jo)
    kept, duplicate = opened(agent, requester=make_user()), opened(agent, "Again", requester=bo)
    records.comment(duplicate, body="words on the duplicate", is_public=False, actor=agent, at=NOON)
    records.merge_into(duplicate, kept, actor=agent, at=NOON)
    shown = [entry.html for entry in timeline(agent, kept).entries if entry.via == duplicate.number]
    assert [str(html) for html in shown] == ["<p>words on the duplicate</p>"]
    assert all(entry.via == "" for entry in timeline(actor_for(bo), kept).entries)


@pytest.mark.parametrize("cause", ["no audience", "merged", "too long", "another edited", "language"])
def test_typed_words_come_back(cause: str) -> None:
    """UX G9, where the server has the last word; the browser's share is in tests/design/test_kept_text.py."""
    jo, li = make_user("agent"), actor_for(make_user("agent"))
    record, other = opened(li), opened(li)
    browser, url = signed_in(jo), f"/records/{record.number}/comment/"
    values = {"text": "my long words", "audience": "internal"}
    browser.post(f"/drafts/record:{record.pk}:comment/", {"text": "my long words"})
    if cause == "no audience":
        del values["audience"]
    elif cause == "merged":
        records.merge_into(record, other, actor=li, at=NOON)
    elif cause == "too long":
        values["text"] = "x" * 50_001
    elif cause == "another edited":
        records.edit_fields(record, seen={}, values={"title": "Other"}, allowed=("title",), actor=li, at=NOON)
    elif cause == "language":
        User.objects.filter(pk=jo.pk).update(language="sv")
    answer = browser.post(url, values, headers=HTMX)
    if cause in ("another edited", "language"):
        assert Comment.objects.get().body == "my long words"
        assert Draft.objects.count() == 0
        return
    assert answer.status_code in (409, 422)
    assert values["text"] in answer.content.decode()
    assert Draft.objects.get().values == {"text": "my long words"}


def test_a_merged_record_sends_the_writer_on_with_the_draft() -> None:
    jo, li = make_user("agent"), actor_for(make_user("agent"))
    record, other = opened(li), opened(li)
    browser = signed_in(jo)
    browser.post(f"/drafts/record:{record.pk}:comment/", {"text": "half a sentence"})
    records.merge_into(record, other, actor=li, at=NOON)
    merged = browser.get(f"/records/{record.number}/").content.decode()
    assert f"This record was merged into {other.number}" in merged
    assert 'id="composer"' not in merged
    assert "half a sentence" in browser.get(f"/records/{other.number}/").content.decode()


def test_the_audit_names_who_changed_what_and_is_for_auditors() -> None:
    no_second_factor()
    jo = make_user("agent", name="Jo Ahl")
    agent = actor_for(jo)
    record = opened(agent)
    with door(agent) as at:
        records.edit_fields(record, seen={}, values={"title": "Now"}, allowed=("title",), actor=agent, at=at)
    html = signed_in(make_user("auditor")).get(f"/records/{record.number}/audit/").content.decode()
    assert all(word in html for word in ("Jo Ahl", "Title", "VPN drops", "Now"))
    assert signed_in(jo).get(f"/records/{record.number}/audit/").status_code == 403


def test_the_audit_says_names_states_and_times_instead_of_codes_and_ids() -> None:
    no_second_factor()
    jo, anna = make_user("agent", name="Jo Ahl"), make_user(name="Anna Berg")
    agent = actor_for(jo)
    record, other = opened(agent), opened(agent, title="The main one")
    with door(agent) as at:
        records.edit_fields(record, seen={}, values={"requester": anna}, allowed=("requester",), actor=agent, at=at)
    with door(agent) as at:
        records.merge_into(record, other, actor=agent, at=at)
    auditor = make_user("auditor")
    first, edited, newest = trail(actor_for(auditor), record)
    assert (newest.who, newest.source) == ("Jo Ahl", "in the browser")
    assert Line("Merged into", "", other.number) in newest.lines
    assert edited.lines == (Line("Requester", "", "Anna Berg"),)
    assert {line.label for line in first.lines} >= {"Title", "State", "Priority", "Opened"}
    html = signed_in(auditor).get(f"/records/{record.number}/audit/").content.decode()
    assert "After:" in html
    assert "requester_id" not in html


def test_undo_by_button_and_its_limits() -> None:
    jo = make_user("agent")
    record = opened(actor_for(jo))
    browser = signed_in(jo)
    saved = browser.post(f"/records/{record.number}/fields/title/", {"title": "Oops", "saw": "VPN drops"}, headers=HTMX)
    undo = f"/records/{record.number}/undo/"
    assert undo in saved.content.decode()
    address = undo + saved.content.decode().partition(undo)[2].partition('"')[0]
    assert signed_in(make_user("agent")).post(address).status_code == 404
    assert browser.post(address).status_code == 303
    assert Record.objects.get(pk=record.pk).title == "VPN drops"
    moved(record, "start", actor_for(jo))


@pytest.mark.django_db(transaction=True)
def test_a_live_time_line_answers_304_until_something_happens() -> None:
    jo = make_user("agent")
    agent, browser = actor_for(jo), signed_in(jo)
    record = opened(agent)
    url = f"/records/{record.number}/timeline/"
    tags = [browser.get(url, headers=HTMX)["ETag"] for _twice in range(3)]
    same = browser.get(url, headers={**HTMX, "If-None-Match": tags[-1]})
    assert same.status_code == 304 or same["ETag"] not in tags  # the minute turned
    with door(agent) as at:
        records.comment(record, body="new words", is_public=False, actor=agent, at=at)
    after = browser.get(url, headers={**HTMX, "If-None-Match": same["ETag"]})
    assert after.status_code == 200
    assert "new words" in after.content.decode()
