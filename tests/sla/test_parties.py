"""Agreements between teams (OLA) and with suppliers (UC): a clock for each turn, beside the customer's (DOMAIN S1)."""

import pytest
from django.db import connection
from django.test.utils import CaptureQueriesContext

from accounts.queries import SYSTEM, actor_for
from journal.models import Event
from journal.units import door
from records import commands as records
from sla import commands as sla
from sla.commands import replan
from sla.commands.audit import audit_all
from sla.commands.due import sweep
from sla.models import Clock, Drift
from sla.queries import clocks_for, explain
from tests.factories import make_team, make_user
from tests.sla.rooms import (
    always,
    clock,
    deadlines,
    move,
    office,
    open_at,
    own,
    pause,
    retarget,
    step,
    supplier,
    target,
    turns,
    utc,
)

pytestmark = pytest.mark.django_db


def test_the_team_that_owns_a_record_has_its_own_time_and_the_record_shows_the_customers() -> None:
    network, servers = make_team("network"), make_team("servers")
    calendar = always()
    target(calendar, 480)
    target(calendar, 60, party="team")
    target(office(), 120, party="team", team=servers)
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    record.refresh_from_db()
    assert turns(record) == [("team", "running", utc("2026-03-04 08:00"), None)]
    assert record.due_at == utc("2026-03-04 15:00")
    assert record.risk_at is not None
    assert record.risk_at[-1] == utc("2026-03-04 15:00")
    own(record, utc("2026-03-04 07:30"), servers)  # 8:30; two hours of office hours
    assert turns(record) == [
        ("team", "stopped", utc("2026-03-04 08:00"), None), ("team", "running", utc("2026-03-04 09:30"), None),
    ]  # fmt: skip
    own(record, utc("2026-03-04 11:00"), network)  # the first team again: a turn of its own
    assert turns(record) == [
        ("team", "stopped", utc("2026-03-04 08:00"), None),
        ("team", "stopped", utc("2026-03-04 09:30"), utc("2026-03-04 09:30")),
        ("team", "running", utc("2026-03-04 12:00"), None),
    ]
    move(record, "resolve", utc("2026-03-04 11:20"))
    assert [state for _party, state, _due, _broken in turns(record)] == ["stopped"] * 3
    assert clock(record).due_at == utc("2026-03-04 15:00")
    assert deadlines(record) == []


def test_no_team_and_no_agreement_no_clock() -> None:
    target(always(), 60, party="team", team=make_team("servers"))
    ownerless = open_at(utc("2026-03-04 07:00"))
    other = open_at(utc("2026-03-04 07:00"), owner_team=make_team("network"))
    assert turns(ownerless) == turns(other) == []
    own(ownerless, utc("2026-03-04 07:10"), make_team("desk"))
    assert turns(ownerless) == []


def test_a_reopened_record_goes_on_with_the_time_of_its_team() -> None:
    target(always(), 60, party="team")
    network = make_team("network")
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    move(record, "resolve", utc("2026-03-04 07:40"))
    move(record, "reopen", utc("2026-03-06 12:00"))
    assert turns(record) == [("team", "running", utc("2026-03-06 12:20"), None)]
    move(record, "resolve", utc("2026-03-06 12:10"))
    own(record, utc("2026-03-06 12:15"), make_team("servers"))
    move(record, "reopen", utc("2026-03-06 13:00"))
    assert turns(record)[1:] == [("team", "running", utc("2026-03-06 14:00"), None)]


def test_a_teams_time_pauses_like_the_customers() -> None:
    target(always(), 60, party="team")
    pause("user")
    record = open_at(utc("2026-03-04 07:00"), owner_team=make_team("network"))
    move(record, "hold", utc("2026-03-04 07:20"), "user")
    assert turns(record) == [("team", "paused", None, None)]
    move(record, "start", utc("2026-03-04 09:00"))
    assert turns(record) == [("team", "running", utc("2026-03-04 09:40"), None)]


def test_what_gave_it_to_another_team_is_taken_back_and_the_time_goes_on_as_if_it_had_not_been() -> None:
    target(always(), 60, party="team")
    network, servers = make_team("network"), make_team("servers")
    person = actor_for(make_user("administrator", "agent", "coordinator"))
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    with door(person):
        edited = records.edit_fields(
            record, seen={}, values={"owner_team": servers}, allowed={"owner_team"}, actor=person,
            at=utc("2026-03-04 07:30"),
        )  # fmt: skip
    assert edited.undo is not None
    with door(person):
        records.undo(record, edited.undo.pk, actor=person, at=utc("2026-03-04 07:30:40"))
    assert turns(record) == [
        ("team", "running", utc("2026-03-04 08:00"), None), ("team", "stopped", utc("2026-03-04 08:30"), None),
    ]  # fmt: skip


def test_a_supplier_has_the_time_from_going_there_until_it_comes_back_while_the_customers_waits() -> None:
    calendar = always()
    target(calendar, 480)
    target(calendar, 120, party="supplier")
    target(calendar, 60, party="supplier", supplier="Cisco")
    pause("supplier", "user")
    record = open_at(utc("2026-03-04 07:00"))
    supplier(record, utc("2026-03-04 08:00"), "CISCO")
    assert turns(record) == [("supplier", "running", utc("2026-03-04 09:00"), None)]
    move(record, "hold", utc("2026-03-04 08:10"), "supplier")
    assert clock(record).state == "paused"
    assert turns(record) == [("supplier", "running", utc("2026-03-04 09:00"), None)]
    move(record, "start", utc("2026-03-04 09:30"))  # it came back
    assert turns(record) == [("supplier", "stopped", utc("2026-03-04 09:00"), utc("2026-03-04 09:00"))]
    assert clock(record).due_at == utc("2026-03-04 16:20")
    move(record, "hold", utc("2026-03-04 10:00"), "supplier")  # there again, as it was named before
    move(record, "start", utc("2026-03-04 10:10"))
    supplier(record, utc("2026-03-04 11:00"), "Dell")
    supplier(record, utc("2026-03-04 11:30"), "")
    assert turns(record)[1:] == [
        ("supplier", "stopped", utc("2026-03-04 11:00"), None), ("supplier", "stopped", utc("2026-03-04 13:00"), None),
    ]  # fmt: skip


def test_waiting_for_the_user_stops_a_suppliers_time_too_and_an_unnamed_supplier_has_the_general_one() -> None:
    target(always(), 120, party="supplier")
    target(always("other"), 60, party="supplier", supplier="Cisco")
    pause("supplier", "user")
    record = open_at(utc("2026-03-04 07:00"))
    move(record, "hold", utc("2026-03-04 08:00"), "supplier")
    assert turns(record) == [("supplier", "running", utc("2026-03-04 10:00"), None)]
    supplier(record, utc("2026-03-04 08:30"), "Cisco")  # now somebody says who
    assert turns(record)[1:] == [("supplier", "running", utc("2026-03-04 09:30"), None)]
    move(record, "start", utc("2026-03-04 08:40"))
    supplier(record, utc("2026-03-04 09:00"), "Cisco")
    move(record, "hold", utc("2026-03-04 09:10"), "user")
    assert turns(record)[2:] == [("supplier", "paused", None, None)]
    move(record, "start", utc("2026-03-04 10:10"))
    assert turns(record)[2:] == [("supplier", "running", utc("2026-03-04 11:00"), None)]


def test_priority_moves_every_partys_time_and_a_promise_that_ended_is_taken_up_in_the_same_turn_only() -> None:
    calendar = always()
    network, servers = make_team("network"), make_team("servers")
    target(calendar, 240, party="team", priority=3)
    target(calendar, 120, party="team", priority=2)
    target(calendar, 90, party="supplier", priority=1)
    record = open_at(utc("2026-03-04 07:00"), owner_team=network, priority=3)
    supplier(record, utc("2026-03-04 07:00"), "Cisco")
    assert turns(record) == [("team", "running", utc("2026-03-04 11:00"), None)]
    retarget(record, utc("2026-03-04 07:30"), priority=2)
    assert turns(record) == [("team", "running", utc("2026-03-04 09:00"), None)]
    retarget(record, utc("2026-03-04 08:00"), priority=1)  # nothing for the team, something for the supplier
    assert [(party, state, due) for party, state, due, _broken in turns(record)] == [
        ("team", "stopped", utc("2026-03-04 09:00")), ("supplier", "running", utc("2026-03-04 09:30")),
    ]  # fmt: skip
    retarget(record, utc("2026-03-04 08:30"), priority=2)
    assert turns(record)[0] == ("team", "running", utc("2026-03-04 09:30"), None)
    retarget(record, utc("2026-03-04 08:40"), priority=4)
    own(record, utc("2026-03-04 08:45"), servers)
    own(record, utc("2026-03-04 08:50"), network)
    retarget(record, utc("2026-03-04 09:00"), priority=2)
    assert turns(record)[-1] == ("team", "running", utc("2026-03-04 11:00"), None)


def test_steps_are_of_a_party_and_its_overdue_time_is_no_broken_promise() -> None:
    calendar = always()
    network = make_team("network")
    target(calendar, 480)
    target(calendar, 60, party="team")
    step(percent=75)
    step(percent=50, party="team", action="notify_person", config={"person": "lead"})
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    sweep(utc("2026-03-04 09:00"))
    told = Event.objects.filter(subject_id=record.pk, code__startswith="sla.").order_by("seq")
    assert [(event.code, event.data["party"], event.data.get("percent")) for event in told] == [
        ("sla.step_fired", "team", 50), ("sla.turn_overdue", "team", None),
    ]  # fmt: skip
    assert turns(record) == [("team", "running", utc("2026-03-04 08:00"), utc("2026-03-04 08:00"))]
    assert clock(record).breached_at is None
    sweep(utc("2026-03-04 13:00"))
    assert [event.data.get("percent") for event in told.all()][-1] == 75


def test_edited_agreements_and_hours_move_the_time_of_teams() -> None:
    network = make_team("network")
    row = target(always(), 60, party="team", team=network)
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    content = sla.TargetContent(
        kind="incident", metric="resolution", minutes=90, calendar_id=row.calendar_id, party="team", team_id=network.pk
    )
    with door(SYSTEM):
        sla.save_target(row, content, actor=SYSTEM, at=utc("2026-03-04 07:10"))
    while replan.replan(utc("2026-03-04 07:11")):
        pass
    assert turns(record) == [("team", "running", utc("2026-03-04 08:30"), None)]


def test_an_agreement_made_later_takes_hold_of_open_records_from_then_on() -> None:
    network, calendar = make_team("network"), always()
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    supplier(record, utc("2026-03-04 07:05"), "Cisco")
    for whose in ({"party": "team"}, {"party": "supplier", "supplier": "Cisco"}, {}):
        content = sla.TargetContent(
            kind="incident", metric="resolution", minutes=60, calendar_id=calendar.pk, **whose
        )  # fmt: skip
        with door(SYSTEM):
            sla.save_target(None, content, actor=SYSTEM, at=utc("2026-03-04 07:10"))
    while replan.replan(utc("2026-03-04 07:30")):
        pass
    assert turns(record) == [
        ("team", "running", utc("2026-03-04 08:30"), None), ("supplier", "running", utc("2026-03-04 08:30"), None),
    ]  # fmt: skip
    assert clock(record).due_at == utc("2026-03-04 08:30")


def test_the_auditor_finds_nothing_and_then_a_clock_of_the_wrong_team() -> None:
    network, servers = make_team("network"), make_team("servers")
    target(always(), 60, party="team")
    record = open_at(utc("2026-03-04 07:00"), owner_team=network)
    own(record, utc("2026-03-04 07:30"), servers)
    assert audit_all(utc("2026-03-04 07:40")) == 0
    wrong = Clock.objects.get(record=record, party="team", state="running")
    wrong.team = network
    wrong.save()
    assert audit_all(utc("2026-03-04 07:40")) == 1
    assert Drift.objects.get().computed == {"team": servers.pk}


def test_a_page_tells_whose_time_it_is() -> None:
    network, calendar = make_team("Network team"), always()
    requester = make_user("requester", unit="Region Uppsala")
    target(calendar, 15, "response")
    target(calendar, 480)
    target(calendar, 60, party="team")
    target(calendar, 60, party="supplier")
    record = open_at(utc("2026-03-04 07:00"), owner_team=network, requester=requester)
    supplier(record, utc("2026-03-04 07:10"), "Cisco")
    at = utc("2026-03-04 07:20")
    rows = clocks_for([record.pk], at=at, is_everybody=True)[record.pk]
    assert [(row.metric, row.name, row.whose) for row in rows] == [
        ("response", "Response", "Our promise to Region Uppsala"),
        ("resolution", "Resolution", "Our promise to Region Uppsala"),
        ("resolution", "Network team's own time", "Network team's own time"),
        ("resolution", "Supplier Cisco", "Supplier Cisco"),
    ]
    assert [row.metric for row in clocks_for([record.pk], at=at)[record.pk]] == ["response", "resolution"]
    told = explain(record, at=at)
    assert [each.row.name for each in told] == ["Response", "Resolution", "Network team's own time", "Supplier Cisco"]
    assert told[3].lines[-1].at == utc("2026-03-04 08:10")


def test_a_turn_costs_opening_a_record_no_statement() -> None:
    target(always(), 60)
    target(always("other"), 60, party="team")
    network = make_team("network")
    with door(SYSTEM):
        replan.ask("rules", actor=SYSTEM, at=utc("2026-03-04 07:00"))
    open_at(utc("2026-03-04 07:30"), owner_team=network)
    counts = []
    for team in (None, network):
        with CaptureQueriesContext(connection) as seen:
            open_at(utc("2026-03-04 07:31"), owner_team=team)
        counts.append(len([query["sql"] for query in seen if '"sla_' in query["sql"]]))
    assert counts == [3, 3]
