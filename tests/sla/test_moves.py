"""Due times that move are told on the time line: from when to when, and because of what (DOMAIN I3, X1)."""

import pytest

from accounts.queries import SYSTEM
from journal.models import Event
from journal.units import door
from records.models import Record
from records.queries.timeline import timeline
from sla import commands as sla
from sla.commands import replan
from sla.models import Replan
from tests.factories import make_actor, make_team
from tests.sla.rooms import always, clock, move, office, open_at, own, pause, retarget, target, utc
from workforce.commands import CalendarContent, OwnDay, edit_calendar
from workforce.models import Calendar

pytestmark = pytest.mark.django_db


def moved(record: Record) -> list[str]:
    """What the time line says of due times, oldest first, as an agent in Stockholm reads it."""
    entries = timeline(make_actor("agent"), record).entries
    return [entry.text for entry in entries if "due" in entry.text or "promised" in entry.text]


def close_on_the_fifth(calendar: Calendar) -> None:
    content = CalendarContent(
        name={"en": "office"}, weekly=tuple(tuple(entry) for entry in calendar.weekly),
        days={utc("2026-03-05 00:00").date(): OwnDay(name="Inventory")},
    )  # fmt: skip
    with door(SYSTEM):
        edit_calendar(calendar, content, actor=SYSTEM, at=utc("2026-03-04 09:00"))
        replan.ask("calendar", calendar_id=calendar.pk, actor=SYSTEM, at=utc("2026-03-04 09:00"))
    while replan.replan(utc("2026-03-04 09:01")):
        pass


def test_edited_hours_say_on_each_record_from_when_to_when() -> None:
    calendar = office()
    target(calendar, 16 * 60)
    target(calendar, 60, "response")
    moves_, stays = open_at(utc("2026-03-04 07:00")), open_at(utc("2026-03-04 07:00"), priority=4)
    move(stays, "resolve", utc("2026-03-04 08:00"))
    close_on_the_fifth(calendar)
    assert clock(moves_).due_at == utc("2026-03-06 16:00")
    assert moved(moves_) == [
        "Resolution: due 2026-03-06 17:00 instead of 2026-03-05 17:00. The hours of “office” were edited (version 2)."
    ]
    assert moved(stays) == []
    event = Event.objects.get(code="sla.replanned")
    assert (event.at, event.actor_kind, event.data["cause"], event.data["version"]) == (
        utc("2026-03-04 09:01"), "system", "calendar", "2",
    )  # fmt: skip


def test_another_target_and_another_pause_rule_say_which_version_of_the_rules() -> None:
    row = target(always(), 60)
    record, waiting = open_at(utc("2026-03-04 07:00")), open_at(utc("2026-03-04 07:00"))
    move(waiting, "hold", utc("2026-03-04 07:10"), "user")
    content = sla.TargetContent(kind="incident", metric="resolution", minutes=90, calendar_id=row.calendar_id)
    with door(SYSTEM):
        sla.save_target(row, content, actor=SYSTEM, at=utc("2026-03-04 07:20"))
    while replan.replan(utc("2026-03-04 07:21")):
        pass
    version = Replan.objects.latest("pk").pk
    said = f"Promised times or pause rules were changed (version {version})."
    assert moved(record) == [f"Resolution: due 2026-03-04 09:30 instead of 2026-03-04 09:00. {said}"]
    with door(SYSTEM):
        sla.save_pause_rule(kind="incident", reason="user", pauses=True, actor=SYSTEM, at=utc("2026-03-04 07:30"))
    while replan.replan(utc("2026-03-04 07:31")):
        pass
    said = f"Promised times or pause rules were changed (version {Replan.objects.latest('pk').pk})."
    assert moved(waiting)[-1] == f"Resolution: paused, was due 2026-03-04 09:30. {said}"
    assert len(moved(record)) == 1
    with door(SYSTEM):
        sla.retire(row, actor=SYSTEM, at=utc("2026-03-04 07:40"))
    while replan.replan(utc("2026-03-04 07:41")):
        pass
    assert "Resolution: no longer promised, was due 2026-03-04 09:30." in moved(record)[-1]


def test_a_change_of_priority_says_what_every_clock_does_and_why() -> None:
    calendar = always()
    target(calendar, 480, priority=3)
    target(calendar, 240, priority=2)
    target(calendar, 60, party="team", priority=2)
    record = open_at(utc("2026-03-04 07:00"), priority=3, owner_team=make_team("Network team"))
    retarget(record, utc("2026-03-04 09:00"), priority=2)
    assert moved(record) == [
        "Resolution: due 2026-03-04 12:00 instead of 2026-03-04 16:00; Network team's own time: due 2026-03-04 11:00. "
        "Because priority, service or requester changed: test"
    ]
    retarget(record, utc("2026-03-04 09:00"), priority=4)
    said = "no longer promised, was due 2026-03-04 12:00; Network team's own time: no longer promised"
    assert said in moved(record)[1]


def test_what_moves_nothing_says_nothing() -> None:
    target(always(), 60)
    pause("user")
    record = open_at(utc("2026-03-04 07:00"), priority=3)
    retarget(record, utc("2026-03-04 07:10"), priority=2)
    own(record, utc("2026-03-04 07:20"), make_team("network"))
    with door(SYSTEM):
        replan.ask("rules", actor=SYSTEM, at=utc("2026-03-04 07:20"))
    while replan.replan(utc("2026-03-04 07:30")):
        pass
    assert moved(record) == []
