"""Priority, escalation and major incidents (DOMAIN I2, I3, I4)."""

from collections.abc import Callable
from typing import Any

import pytest

from accounts.models import User
from accounts.queries import SYSTEM
from coordination.models import WorkItem
from incidents import commands, reactions, tasks
from incidents.models import Incident, MatrixCell
from incidents.process import INCIDENTS
from journal.models import Event
from kernel.errors import Conflict, NotAllowed, Unprocessable
from kernel.reactions import Fact
from records.models import Record
from tests.factories import NOON, make_actor, make_team, make_user
from tests.incidents.help import World, codes, fields_of, happened, minutes, refuses, state


def data_of(incident: Incident, code: str) -> dict[str, Any]:
    """What the incident's last event of that code says."""
    rows = Event.objects.filter(subject_kind="incident", subject_id=incident.pk, code=code)
    data: dict[str, Any] = rows.latest("id").data
    return data


def test_a_new_assessment_retargets_the_clocks_and_says_why(world: World) -> None:
    incident = world.opened(impact=4, urgency=3)
    assert incident.record.priority == 4
    commands.set_priority(incident, impact=3, urgency=1, actor=world.agent, at=minutes(5))
    assert Record.objects.get().priority == 2
    told = data_of(incident, "record.retargeted")
    assert (told["before"]["priority"], told["after"]["priority"], told["reason"]) == (4, 2, "a team + stopped")
    said = data_of(incident, "incident.prioritised")
    assert {name: said[name] for name in ("before", "after", "impact", "urgency")} == {
        "before": 4, "after": 2, "impact": 3, "urgency": 1,
    }  # fmt: skip


def test_an_override_needs_a_reason_and_ends_with_the_next_assessment(world: World) -> None:
    incident = world.opened(impact=4, urgency=3)
    with refuses(Unprocessable) as refused:
        commands.set_priority(incident, priority=1, actor=world.agent, at=minutes(1))
    assert fields_of(refused.value) == ["reason"]
    commands.set_priority(incident, priority=1, reason="Board meeting.", actor=world.agent, at=minutes(1))
    assert (Record.objects.get().priority, Incident.objects.get().priority_reason) == (1, "Board meeting.")
    commands.set_priority(incident, impact=3, actor=world.agent, at=minutes(2))
    stored = Incident.objects.get()
    assert (stored.record.priority, stored.is_priority_overridden, stored.priority_reason) == (3, False, "")


def test_a_changed_cell_counts_for_new_assessments_only(world: World) -> None:
    old = world.opened(impact=3, urgency=1)
    MatrixCell.objects.create(impact=3, urgency=1, priority=1)
    new = world.opened(impact=3, urgency=1)
    assert (Record.objects.get(pk=old.pk).priority, Record.objects.get(pk=new.pk).priority) == (2, 1)


def test_a_requester_assesses_nothing(world: World) -> None:
    incident = world.opened()
    with refuses(NotAllowed):
        commands.set_priority(incident, impact=1, actor=world.requester, at=minutes(1))
    commands.set_priority(incident, impact=1, actor=world.technician, at=minutes(1))
    assert Record.objects.get().priority == 2


def fired(incident: Incident, deadline_id: int, action: str = "raise_priority") -> Fact:
    """The clocks tell that a step fired."""
    data = {"action": action, "deadline_id": deadline_id}
    return Fact("sla.step_fired", "incident", incident.pk, minutes(30), SYSTEM, data)


def test_a_step_raises_the_priority_once_for_each_deadline(world: World) -> None:
    incident = world.opened(impact=4, urgency=3)
    for deadline in (7, 7, 8):
        reactions.raise_priority(fired(incident, deadline))
    assert Record.objects.get().priority == 2
    reactions.raise_priority(fired(incident, 9, action="boost"))
    assert Record.objects.get().priority == 2


def test_a_step_raises_nothing_above_p1_or_after_the_end(world: World) -> None:
    top, done = world.opened(impact=1, urgency=1), world.resolved()
    before = Record.objects.get(pk=done.pk).priority
    reactions.raise_priority(fired(top, 1))
    reactions.raise_priority(fired(done, 2))
    assert (Record.objects.get(pk=top.pk).priority, Record.objects.get(pk=done.pk).priority) == (1, before)


def test_escalated_to_another_team_with_history_and_the_desk_keeps_the_contact(world: World) -> None:
    incident, storage = world.started(), make_team("storage")
    commands.escalate(incident, team=storage, reason="The disks are full.", actor=world.technician, at=minutes(10))
    stored = Incident.objects.get()
    item = INCIDENTS.work_item(stored.record)
    assert item is not None
    assert (item.state, item.assignee_id, item.team_id, item.is_routed) == ("queued", None, storage.pk, True)
    assert (stored.record.owner_team_id, stored.record.contact_owner_id, stored.line) == (
        storage.pk, world.agent.id, "operations",
    )  # fmt: skip
    assert state(incident) == "assigned"
    assert {storage.pk, world.network.pk} <= set(stored.record.audience)
    said = data_of(incident, "incident.escalated")
    assert (said["before"], said["after"], said["reason"]) == ("network", "storage", "The disks are full.")


def test_first_to_second_line_is_no_longer_solved_at_the_desk(world: World) -> None:
    first, second = world.opened(owner_team=None), world.opened(owner_team=None)
    assert (first.line, second.line) == ("desk", "desk")
    commands.escalate(second, team=world.network, reason="Needs a console.", actor=world.agent, at=minutes(1))
    for each in (first, second):
        commands.resolve(each, cause="network", resolution="Fixed.", actor=world.agent, at=minutes(2))
    assert [Incident.objects.get(pk=each.pk).resolved_at_desk for each in (first, second)] == [True, False]


def test_a_supplier_is_third_line_while_the_team_follows(world: World) -> None:
    incident = world.started()
    commands.escalate(
        incident, supplier="Telia", supplier_reference="T-77", reason="Their line.", actor=world.technician,
        at=minutes(1),
    )  # fmt: skip
    stored = Incident.objects.get()
    assert (stored.line, stored.supplier, stored.supplier_reference) == ("supplier", "Telia", "T-77")
    assert WorkItem.objects.get().assignee_id == world.technician.id
    assert data_of(incident, "incident.escalated")["after"] == "Telia"


def test_escalating_says_where_to_and_why(world: World) -> None:
    incident = world.started()
    with refuses(Unprocessable) as refused:
        commands.escalate(incident, reason=" ", actor=world.technician, at=minutes(1))
    assert fields_of(refused.value) == ["reason", "team"]
    with refuses(Conflict, "wrong_state"):
        commands.escalate(world.resolved(), reason="x", supplier="Telia", actor=world.technician, at=minutes(1))


def leader() -> User:
    """Somebody to lead."""
    return make_user("manager", name="Li Na")


def test_a_major_incident_is_p1_led_and_promises_updates(world: World) -> None:
    incident, boss = world.started(), leader()
    commands.declare_major(
        incident, leader=boss, update_every_minutes=30, within_influence=True, banner="VPN is down.",
        actor=world.agent, at=minutes(10),
    )  # fmt: skip
    stored = Incident.objects.get()
    assert (stored.is_major, stored.record.priority, stored.major_since) == (True, 1, minutes(10))
    assert (stored.next_update_at, stored.within_influence, stored.banner) == (minutes(40), True, "VPN is down.")
    assert WorkItem.objects.get().is_major
    assert -boss.pk in stored.record.audience


def test_a_technician_declares_nothing_and_an_agent_does(world: World) -> None:
    incident, boss = world.started(), leader()
    with refuses(NotAllowed):
        commands.declare_major(incident, leader=boss, actor=world.technician, at=minutes(1))
    commands.declare_major(incident, leader=boss, actor=world.agent, at=minutes(1))
    assert Incident.objects.get().is_major


@pytest.mark.parametrize("every", [4, 24 * 60 + 1])
def test_updates_come_at_a_sensible_cadence(world: World, every: int) -> None:
    with refuses(Unprocessable) as refused:
        commands.declare_major(
            world.opened(), leader=leader(), update_every_minutes=every, actor=world.agent, at=minutes(1)
        )
    assert fields_of(refused.value) == ["update_every_minutes"]


def test_an_update_promises_the_next_one(world: World) -> None:
    incident = world.started()
    commands.declare_major(incident, leader=leader(), update_every_minutes=30, actor=world.agent, at=minutes(0))
    commands.post_update(incident, body="We have found the cause.", actor=world.agent, at=minutes(20))
    assert Incident.objects.get().next_update_at == minutes(50)


@pytest.mark.django_db(transaction=True)
def test_a_due_update_is_reminded_of_once_a_cadence() -> None:
    world = World()
    incident = world.started()
    commands.declare_major(incident, leader=leader(), update_every_minutes=30, actor=world.agent, at=minutes(0))
    assert tasks.remind_of_updates(minutes(29)) == 0
    assert tasks.remind_of_updates(minutes(30)) == 1
    assert tasks.remind_of_updates(minutes(59)) == 0
    assert tasks.remind_of_updates(minutes(100)) == 1
    stored = Incident.objects.get()
    assert (stored.next_update_at, stored.remind_update_at) == (minutes(30), minutes(120))
    assert codes(incident).count("incident.update_due") == 2
    commands.resolve(incident, cause="network", resolution="Fixed.", actor=world.agent, at=minutes(110))
    assert tasks.remind_of_updates(minutes(500)) == 0


def test_standing_down_assesses_again(world: World) -> None:
    incident = world.started(impact=4, urgency=3)
    commands.declare_major(incident, leader=leader(), actor=world.agent, at=minutes(1))
    commands.stand_down(incident, reason="One cable only.", actor=world.agent, at=minutes(5))
    stored = Incident.objects.get()
    assert (stored.is_major, stored.record.priority, stored.next_update_at) == (False, 4, None)
    assert not WorkItem.objects.get().is_major
    assert happened(incident)[-3:] == ["prioritised", "major_ended", "prioritised"]
    with refuses(Conflict, "not_major"):
        commands.stand_down(incident, reason="x", actor=world.agent, at=minutes(6))


def test_a_solved_major_incident_still_counts(world: World) -> None:
    incident = world.started()
    commands.declare_major(incident, leader=leader(), actor=world.agent, at=minutes(1))
    commands.resolve(incident, cause="network", resolution="Fixed.", actor=world.agent, at=minutes(5))
    assert Incident.objects.filter(is_major=True, major_since__gte=NOON).count() == 1
    with refuses(Conflict, "wrong_state"):
        commands.stand_down(incident, reason="x", actor=world.agent, at=minutes(6))


def test_an_auditor_changes_nothing(world: World) -> None:
    incident, auditor = world.started(), make_actor("auditor")
    acts: list[Callable[[], object]] = [
        lambda: commands.set_priority(incident, impact=1, actor=auditor, at=minutes(1)),
        lambda: commands.escalate(incident, supplier="Telia", reason="x", actor=auditor, at=minutes(1)),
        lambda: commands.hold(incident, reason="user", actor=auditor, at=minutes(1)),
        lambda: commands.resolve(incident, cause="network", resolution="x", actor=auditor, at=minutes(1)),
        lambda: commands.cancel(incident, reason="x", actor=auditor, at=minutes(1)),
        lambda: commands.post_update(incident, body="x", actor=auditor, at=minutes(1)),
    ]
    for act in acts:
        with refuses(NotAllowed):
            act()
    assert state(incident) == "in_progress"
