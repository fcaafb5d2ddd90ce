"""`manage.py demo --scale`: a small one, and what of it must work at every size; refused where people are."""

from argparse import ArgumentTypeError
from io import StringIO

import pytest
from django.core.management import CommandError, call_command

from accounts.models import User
from accounts.queries import actor_for
from coordination.models import Ranking, WorkItem
from incidents.commands import IncidentOpening, open_incident
from itsm.demo.plots import RARE
from itsm.management.commands.demo import Command, scale
from journal.models import SearchDocument
from journal.units import database_now, door
from records.models import Record
from records.queries import find
from sla.models import Clock
from tests.factories import make_user


@pytest.mark.django_db(transaction=True)
def test_what_is_loaded_works_as_if_it_had_been_done() -> None:
    call_command(Command(), scale=120, stdout=StringIO(), stderr=StringIO())
    assert (Record.objects.count(), SearchDocument.objects.filter(subject_kind="incident").count()) == (120, 120)
    assert Clock.objects.values("record").distinct().count() == 120
    queued = WorkItem.objects.filter(state=WorkItem.State.QUEUED).count()
    assert queued == Ranking.objects.count() >= 20
    told = StringIO()
    call_command("verify_journal", stdout=told)
    assert "as it was written" in told.getvalue()

    agent = actor_for(User.objects.get(email="agent@region.example"))
    with door(agent, source="test") as at:
        opened = open_incident(IncidentOpening(title=f"Ny {RARE}"), actor=agent, at=at)
    last = max(numbers())
    assert (opened.record.number, last - min(numbers())) == (f"INC-{last}", 120)
    assert find(agent, f"INC-{last}", at=database_now()).hits[0].number == f"INC-{last}"
    assert find(agent, f"INC-{last - 60}", at=database_now()).hits[0].number == f"INC-{last - 60}"
    with pytest.raises(CommandError, match="Start with an empty one"):
        call_command(Command(), scale=120)


def numbers() -> list[int]:
    return [int(number.partition("-")[2]) for number in Record.objects.values_list("number", flat=True)]


def test_a_database_with_people_gets_no_load_either(db: None) -> None:
    make_user("agent")
    with pytest.raises(CommandError, match="People are in this database already"):
        call_command(Command(), scale=100)
    assert Record.objects.count() == 0


@pytest.mark.parametrize(("text", "records"), [("100", 100), ("1,000,000", 1_000_000), ("100_000", 100_000)])
def test_sizes_that_can_be_made(text: str, records: int) -> None:
    assert scale(text) == records


@pytest.mark.parametrize("text", ["99", "1000001", "0", "-5"])
def test_sizes_that_cannot_be_made(text: str) -> None:
    with pytest.raises(ArgumentTypeError, match="100 to 1,000,000"):
        scale(text)
