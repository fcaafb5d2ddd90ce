"""Events are chained per record, written once at the end of the unit, and cannot be changed."""

import pytest
from django.db import DatabaseError, transaction

from accounts.queries import SYSTEM
from journal.commands import digest_of, mac_of
from journal.models import Event
from journal.units import door
from kernel.workflow import Phase, State, Transition, Workflow
from records import commands as records
from records.models import Record
from tests.factories import NOON, make_actor, make_team

FLOW = Workflow(
    kind="incident", prefix="INC", label="Incident", initial="new",
    states=(State("new", "New", Phase.NEW), State("busy", "Busy", Phase.ACTIVE), State("over", "Over", Phase.DONE)),
    transitions=(
        Transition("start", "Start", frozenset({"new"}), "busy", "incident.work"),
        Transition("end", "End", frozenset({"busy"}), "over", "incident.work"),
    ),
)  # fmt: skip


@pytest.mark.django_db
def test_a_record_keeps_number_chain_and_audience() -> None:
    actor, team = make_actor("agent"), make_team("net")
    with door(actor):
        record = records.open_record(FLOW, records.Opening(title="VPN drops", owner_team=team), actor=actor, at=NOON)
    with door(actor):
        at = records.lock(record, at=NOON)
        records.move(record, FLOW, "start", actor=actor, at=at)
    stored = Record.objects.get(pk=record.pk)
    assert stored.number.startswith("INC-")
    assert (stored.state, stored.phase, stored.audience, stored.event_seq) == ("busy", "active", [team.pk], 3)
    chain = list(Event.objects.filter(subject_kind="incident", subject_id=record.pk).order_by("seq"))
    assert [event.code for event in chain] == ["record.opened", "incident.start", "record.phase_changed"]
    previous = b""
    for event in chain:
        assert bytes(event.digest) == digest_of(bytes(event.salt), event.data)
        assert bytes(event.mac) == mac_of(previous, event)
        previous = bytes(event.mac)
    assert bytes(stored.event_mac) == previous


@pytest.mark.django_db
def test_events_cannot_be_changed_or_deleted() -> None:
    with door(SYSTEM):
        records.open_record(FLOW, records.Opening(title="x"), actor=SYSTEM, at=NOON)
    for change in (lambda: Event.objects.update(code="record.forged"), lambda: Event.objects.all().delete()):
        with pytest.raises(DatabaseError, match="append-only"), transaction.atomic():
            change()
