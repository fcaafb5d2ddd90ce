"""Undo leaves the record as if neither act had happened, for any run of edits and moves before it."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from functools import partial
from typing import Any

import pytest
from django.db import transaction
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from journal.models import Event
from journal.units import command
from kernel.actor import Actor
from records import commands as records
from records.models import Record, Undo
from tests.factories import NOON, make_actor
from tests.records.flow import FLOW, opened

EDITABLE = ("title", "description", "priority")
KEPT = ("title", "description", "priority", "state", "phase", "closed_at", "waiting_reason", "audience", "responded_at")


@records.undoes("test.move")
def _back(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    records.move_back(record, before, done_at=done_at, actor=actor, at=at)


@command
def move(record: Record, name: str, *, actor: Actor, at: datetime) -> Undo | None:
    """A verb of a process that can be taken back."""
    at = records.lock(record, at=at)
    before = records.state_of(record)
    records.move(record, FLOW, name, actor=actor, at=at, reason="supplier" if name == "hold" else "")
    return records.offer_undo(record, "test.move", before=before, actor=actor, at=at)


def facts(record: Record) -> dict[str, Any]:
    stored = Record.objects.get(pk=record.pk)
    return {name: getattr(stored, name) for name in KEPT}


def acts(record: Record, actor: Actor, at: datetime) -> dict[str, Callable[[], Undo | None]]:
    def edit(**values: Any) -> Undo | None:
        return records.edit_fields(record, seen={}, values=values, allowed=EDITABLE, actor=actor, at=at).undo

    return {
        "title": lambda: edit(title="Another title"),
        "several": lambda: edit(description="Words", priority=1),
        "priority": lambda: edit(priority=2),
        **{step.name: partial(move, record, step.name, actor=actor, at=at) for step in FLOW.transitions},
    }


@pytest.mark.django_db
@settings(max_examples=40, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(st.lists(st.sampled_from(["title", "several", "priority", "start", "hold", "end"]), min_size=1, max_size=6))
def test_undo_leaves_no_trace_in_the_record(names: list[str]) -> None:
    actor, at = make_actor("agent"), NOON
    record = opened(actor)
    for name in names:
        at += timedelta(seconds=5)
        if name in ("start", "hold", "end") and not FLOW.allows(name, Record.objects.get(pk=record.pk).state):
            continue
        before = facts(record)
        offered = acts(record, actor, at)[name]()
        if offered is not None:
            records.undo(record, offered.pk, actor=actor, at=at + timedelta(seconds=1))
            assert facts(record) == before
            acts(record, actor, at + timedelta(seconds=2))[name]()


@pytest.mark.django_db
def test_the_clocks_are_told_what_to_forget() -> None:
    actor = make_actor("agent")
    record = opened(actor)
    offered = move(record, "start", actor=actor, at=NOON + timedelta(seconds=5))
    assert offered is not None
    records.undo(record, offered.pk, actor=actor, at=NOON + timedelta(seconds=20))
    told = Event.objects.filter(subject_id=record.pk, code="record.phase_changed").order_by("seq").last()
    assert told is not None
    assert told.data == {"old": "active", "new": "new", "reason": "", "undoes": "2026-03-04T11:00:05Z"}


@pytest.mark.django_db
def test_undoing_twice_undoes_once() -> None:
    actor = make_actor("agent")
    record = opened(actor)
    done = records.edit_fields(record, seen={}, values={"priority": 1}, allowed=EDITABLE, actor=actor, at=NOON)
    assert done.undo is not None
    for _twice in range(2):
        records.undo(record, done.undo.pk, actor=actor, at=NOON)
    assert Event.objects.filter(subject_id=record.pk, code="record.undone").count() == 1


@pytest.mark.django_db
def test_an_act_that_nothing_undoes_cannot_be_offered() -> None:
    actor = make_actor("agent")
    record = opened(actor)
    with pytest.raises(ValueError, match="nothing undoes"), transaction.atomic():
        records.offer_undo(record, "test.unknown", before={}, actor=actor, at=NOON)
