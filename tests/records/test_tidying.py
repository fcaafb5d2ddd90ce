"""Void offers to undo, forgotten drafts and files without a record do not pile up."""

import os
from datetime import timedelta
from pathlib import Path

import pytest
from pytest_django.fixtures import Settings

from accounts.queries import actor_for
from itsm import rounds
from journal.units import database_now, door
from kernel.sweeps import all_sweepers
from records import commands as records
from records.models import Draft, Undo
from records.queries.files import files_directory
from tests.factories import make_actor, make_user
from tests.records.flow import FLOW

pytestmark = pytest.mark.django_db(transaction=True)


def sweep(name: str) -> int:
    return rounds.sweep(each for each in all_sweepers() if each.name == name)


def test_old_drafts_go_and_young_ones_stay() -> None:
    anna, now = make_user("agent"), database_now()
    for key, days in (("old", 91), ("young", 89)):
        with door(actor_for(anna)):
            records.save_draft(key=key, values={"text": "x"}, actor=actor_for(anna), at=now - timedelta(days=days))
    assert sweep("records.tidy") == 1
    assert [draft.key for draft in Draft.objects.all()] == ["young"]


def test_void_offers_to_undo_go_and_fresh_ones_stay() -> None:
    agent, now = make_actor("agent"), database_now()
    for age in (timedelta(days=2), timedelta(hours=1)):
        with door(agent):
            opening = records.Opening(title="Printer", priority=3)
            record = records.open_record(FLOW, opening, actor=agent, at=now - age)
            records.edit_fields(record, seen={}, values={"title": "VPN"}, allowed=("title",), actor=agent, at=now - age)
    assert Undo.objects.count() == 2
    assert sweep("records.tidy") == 1
    assert Undo.objects.get().at == now - timedelta(hours=1)


def test_orphaned_files_are_removed_by_the_daily_sweep(settings: Settings, tmp_path: Path) -> None:
    settings.SPINDEL_DATA = tmp_path
    place = files_directory() / "ab" / "cd" / ("ab" + "cd" + "0" * 60)
    place.parent.mkdir(parents=True, exist_ok=True)
    place.write_bytes(b"nobody names me")
    old = (database_now() - timedelta(days=2)).timestamp()
    os.utime(place, (old, old))
    assert sweep("records.orphans") == 1
    assert not place.exists()
