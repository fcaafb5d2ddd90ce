"""Words, links, callers, fields, family: what each verb leaves behind."""

from contextlib import suppress
from datetime import timedelta

import pytest
from django.db import connection, transaction
from django.test.utils import CaptureQueriesContext

from accounts.queries import actor_for
from journal.models import Event, SearchDocument
from journal.units import joined, savepoint
from kernel.errors import Conflict, NotAllowed, NotFound, Stale, Unprocessable
from records import commands as records
from records.models import Comment, Draft, Link, Record, Watcher
from tests.factories import NOON, make_actor, make_user
from tests.records.flow import moved, opened, refused

pytestmark = pytest.mark.django_db
EDITABLE = ("title", "description", "priority", "service", "component", "owner_team")


def codes(record: Record) -> list[str]:
    return list(
        Event.objects.filter(subject_kind="incident", subject_id=record.pk)
        .order_by("seq")
        .values_list("code", flat=True)
    )


def test_a_public_reply_by_staff_is_the_response_and_a_note_is_not() -> None:
    agent = make_actor("agent")
    record = opened(agent)
    records.comment(record, body="Looking", is_public=False, actor=agent, at=NOON)
    assert Record.objects.get(pk=record.pk).responded_at is None
    records.comment(record, body="We are on it\r\n", is_public=True, actor=agent, at=NOON + timedelta(minutes=5))
    assert Record.objects.get(pk=record.pk).responded_at == NOON + timedelta(minutes=5)
    assert [(each.body, each.is_public) for each in Comment.objects.order_by("id")] == [
        ("Looking", False),
        ("We are on it", True),
    ]
    assert codes(record) == ["record.opened", "record.commented", "record.commented", "record.responded"]


def test_a_requester_replies_on_own_records_only_and_never_internally() -> None:
    anna = make_user()
    agent, requester, stranger = make_actor("agent"), actor_for(anna), make_actor()
    record = opened(agent, requester=anna)
    records.comment(record, body="Still broken", is_public=True, actor=requester, at=NOON)
    assert Record.objects.get(pk=record.pk).responded_at is None
    with refused(NotAllowed):
        records.comment(record, body="x", is_public=False, actor=requester, at=NOON)
    with refused(NotFound):
        records.comment(record, body="x", is_public=True, actor=stranger, at=NOON)


def test_a_comment_needs_words_and_spends_its_draft() -> None:
    agent = make_actor("agent")
    record = opened(agent)
    records.save_draft(key="record:1:comment", values={"text": "Loo"}, actor=agent, at=NOON)
    with refused(Unprocessable):
        records.comment(record, body=" \r\n", is_public=False, actor=agent, at=NOON, draft_key="record:1:comment")
    assert Draft.objects.count() == 1
    records.comment(record, body="Look", is_public=False, actor=agent, at=NOON, draft_key="record:1:comment")
    assert Draft.objects.count() == 0


def test_links_never_replace_others() -> None:
    agent = make_actor("agent")
    one, two, three = opened(agent), opened(agent), opened(agent)
    first = records.link(one, two, kind="relates_to", actor=agent, at=NOON)
    again = records.link(one, two, kind="relates_to", actor=agent, at=NOON)
    records.link(one, three, kind="caused_by", actor=agent, at=NOON)
    assert first.pk == again.pk
    assert Link.objects.count() == 2
    records.unlink(first, actor=agent, at=NOON)
    assert [link.kind for link in Link.objects.all()] == ["caused_by"]
    assert codes(two) == ["record.opened", "record.linked", "record.unlinked"]
    with refused(NotFound):
        records.unlink(first, actor=agent, at=NOON)


def test_a_further_caller_counts_once_and_sees_the_record() -> None:
    agent, anna, bo = make_actor("agent"), make_user(), make_user()
    record = opened(agent, requester=anna)
    assert records.add_caller(record, bo, actor=agent, at=NOON) == 2
    assert records.add_caller(record, bo, actor=agent, at=NOON) == 2
    assert records.add_caller(record, anna, actor=agent, at=NOON) == 2
    assert Record.objects.get(pk=record.pk).audience == sorted([-anna.pk, -bo.pk])
    assert codes(record).count("record.caller_added") == 1


def test_edits_of_different_fields_merge_and_of_the_same_field_are_stale() -> None:
    li, jo = make_actor("agent", name="Li"), make_actor("agent", name="Jo")
    record = opened(li)
    mine, theirs = Record.objects.get(pk=record.pk), Record.objects.get(pk=record.pk)
    records.edit_fields(theirs, seen={"title": "VPN drops"}, values={"title": "VPN is down"}, allowed=EDITABLE,
                        actor=li, at=NOON)  # fmt: skip
    records.edit_fields(mine, seen={"description": ""}, values={"description": "MTU"}, allowed=EDITABLE, actor=jo,
                        at=NOON)  # fmt: skip
    with refused(Stale) as caught:
        records.edit_fields(mine, seen={"title": "VPN drops"}, values={"title": "VPN slow"}, allowed=EDITABLE, actor=jo,
                            at=NOON)  # fmt: skip
    assert caught.value.status == 409
    assert caught.value.facts == {
        "field": "title", "label": "Title", "now": "VPN is down", "now_text": "VPN is down", "by": "Li", "at": NOON,
        "yours": "VPN slow", "yours_text": "VPN slow",
    }  # fmt: skip
    stored = Record.objects.get(pk=record.pk)
    assert (stored.title, stored.description, stored.version) == ("VPN is down", "MTU", 3)
    document = SearchDocument.objects.get(subject_kind="incident", subject_id=record.pk)
    assert document.title == "VPN is down"


def test_what_both_wanted_is_no_conflict_and_other_fields_are_refused() -> None:
    agent = make_actor("agent")
    record = opened(agent)
    for _twice in range(2):
        records.edit_fields(
            record, seen={"priority": 3}, values={"priority": 1}, allowed=EDITABLE, actor=agent, at=NOON
        )
    assert codes(record) == ["record.opened", "record.retargeted"]
    with refused(NotAllowed):
        records.edit_fields(record, seen={}, values={"state": "over"}, allowed=EDITABLE, actor=agent, at=NOON)


def test_parts_cannot_form_a_circle() -> None:
    agent = make_actor("agent")
    top, middle, low = opened(agent), opened(agent), opened(agent)
    records.set_parent(middle, top, actor=agent, at=NOON)
    records.set_parent(low, middle, actor=agent, at=NOON)
    with refused(Unprocessable):
        records.set_parent(top, low, actor=agent, at=NOON)
    records.set_parent(low, None, actor=agent, at=NOON)
    assert Record.objects.get(pk=low.pk).parent is None


def test_merging_hands_over_people_parts_and_drafts() -> None:
    agent, anna, bo = make_actor("agent"), make_user(), make_user()
    kept, duplicate = opened(agent, requester=anna), opened(agent, "VPN again", requester=bo)
    part = opened(agent, "Part", parent=duplicate)
    text = {"text": "half a"}
    records.save_draft(key=f"record:{duplicate.pk}:comment", values=text, actor=agent, at=NOON)
    records.merge_into(duplicate, kept, actor=agent, at=NOON)
    assert Record.objects.get(pk=part.pk).parent_id == kept.pk
    assert list(Watcher.objects.filter(record=kept, is_caller=True).values_list("user_id", flat=True)) == [bo.pk]
    assert Draft.objects.get().key == f"record:{kept.pk}:comment"
    assert -bo.pk in Record.objects.get(pk=kept.pk).audience
    assert codes(duplicate)[-1] == "record.merged"
    assert codes(kept)[-1] == "record.took_over"
    with refused(Conflict) as caught:
        records.comment(duplicate, body="too late", is_public=False, actor=agent, at=NOON)
    assert caught.value.facts == {"into": kept.number}


def test_undo_puts_fields_back_within_a_minute_for_the_same_person_only() -> None:
    li, jo = make_actor("agent"), make_actor("agent")
    record = opened(li)
    done = records.edit_fields(record, seen={"title": "VPN drops"}, values={"title": "x"}, allowed=EDITABLE, actor=li,
                               at=NOON)  # fmt: skip
    assert done.undo is not None
    with refused(NotFound):
        records.undo(record, done.undo.pk, actor=jo, at=NOON)
    with refused(Conflict):
        records.undo(record, done.undo.pk, actor=li, at=NOON + timedelta(seconds=61))
    records.undo(record, done.undo.pk, actor=li, at=NOON + timedelta(seconds=60))
    assert Record.objects.get(pk=record.pk).title == "VPN drops"
    assert codes(record) == ["record.opened", "record.field_changed", "record.field_changed", "record.undone"]


def test_undo_is_refused_once_the_record_moved_on() -> None:
    agent = make_actor("agent")
    record = opened(agent)
    done = records.edit_fields(record, seen={"title": "VPN drops"}, values={"title": "x"}, allowed=EDITABLE,
                               actor=agent, at=NOON)  # fmt: skip
    moved(record, "start", agent)
    assert done.undo is not None
    with refused(Conflict):
        records.undo(record, done.undo.pk, actor=agent, at=NOON)


def test_what_is_locked_already_is_not_asked_for_again_unless_something_was_taken_back() -> None:
    agent = make_actor("agent")
    record = opened(agent)
    with transaction.atomic(), joined():
        records.lock(record, at=NOON)
        with CaptureQueriesContext(connection) as asked:
            records.lock(record, at=NOON)
        assert [query["sql"] for query in asked] == []
        with suppress(Conflict), savepoint():
            record.title = "never written"
            raise Conflict("taken back")
        records.lock(record, at=NOON)
        assert record.title == "VPN drops"
        other = Record.objects.get(pk=record.pk)
        records.lock(other, at=NOON)
        with CaptureQueriesContext(connection) as asked:
            records.lock(record, at=NOON)
        assert len(asked) == 1
