"""A small process to try record verbs with, on the number sequence of incidents."""

from collections.abc import Iterator
from contextlib import contextmanager
from typing import Any

import pytest
from django.db import transaction

from journal.units import door
from kernel.actor import Actor
from kernel.errors import Refused
from kernel.workflow import Phase, State, Transition, Workflow
from records import commands as records
from records.models import Record
from tests.factories import NOON

FLOW = Workflow(
    kind="incident", prefix="INC", label="Incident", initial="new",
    states=(State("new", "New", Phase.NEW), State("busy", "Busy", Phase.ACTIVE), State("held", "Held", Phase.WAITING),
            State("over", "Over", Phase.DONE)),
    transitions=(
        Transition("start", "Start", frozenset({"new", "held"}), "busy", "incident.work"),
        Transition("hold", "Hold", frozenset({"busy"}), "held", "incident.work"),
        Transition("end", "End", frozenset({"new", "busy"}), "over", "incident.work"),
    ),
)  # fmt: skip


def opened(actor: Actor, title: str = "VPN drops", **facts: Any) -> Record:
    """A record that has just been opened."""
    with door(actor):
        return records.open_record(FLOW, records.Opening(title=title, **facts), actor=actor, at=NOON)


def moved(record: Record, name: str, actor: Actor) -> Record:
    """The record after a transition."""
    with door(actor):
        at = records.lock(record, at=NOON)
        records.move(record, FLOW, name, actor=actor, at=at)
    return record


@contextmanager
def refused(kind: type[Refused]) -> Iterator[pytest.ExceptionInfo[Refused]]:
    """The block raises that refusal, and what it wrote is rolled back."""
    with pytest.raises(kind) as caught, transaction.atomic():
        yield caught
