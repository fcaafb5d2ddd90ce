"""Offered, picked, assigned: who may, what fits, what is planned for later (DOMAIN 2 and 4)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.commands.change import WrongState
from coordination.commands.claim import DoesNotFit
from coordination.commands.pick import NothingForYou, PlacesFull
from coordination.models import Ranking
from coordination.queries.work import of_person
from journal.models import Event
from journal.units import door
from kernel.errors import NotAllowed
from records import commands as records
from tests.coordination.arrange import FLOW, able, again, codes, offer, technician
from tests.factories import NOON, make_actor, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


def test_offered_work_is_queued_with_a_rank() -> None:
    item = offer(priority=1)
    stored = again(item)
    assert (stored.state, stored.assignee_id, stored.estimate_minutes) == ("queued", None, 60)
    assert [(part["name"], part["points"]) for part in Ranking.objects.get().parts] == [("priority", 300)]
    assert codes(item) == ["record.opened", "work.offered"]


def test_pick_next_gives_the_highest_and_starts_it() -> None:
    team = make_team()
    offer("low", priority=4, team=team)
    best = offer("high", priority=1, team=team)
    user, actor = technician(team=team)
    with door(actor):
        picked = work.pick_next(actor=actor, at=LATER)
    stored = again(best)
    assert picked.work_item.pk == best.pk
    assert (stored.state, stored.assignee_id, stored.picked_at) == ("in_progress", user.pk, LATER)
    assert -user.pk in stored.record.audience
    assert not Ranking.objects.filter(pk=best.pk).exists()
    assert codes(best) == ["record.opened", "work.offered", "work.picked"]


def test_pick_next_says_what_it_skipped() -> None:
    team = make_team()
    _user, actor = technician(team=team)
    need = able(make_user("technician", team=team), "network", 2)
    offer("needs more", priority=1, team=team, needs=[need])
    mine = offer("for me", priority=3, team=team)
    with door(actor):
        picked = work.pick_next(actor=actor, at=LATER)
    assert picked.work_item.pk == mine.pk
    assert [(miss.number, miss.reason, miss.words) for miss in picked.skipped] == [
        (picked.skipped[0].number, "competence", "needs Network level 2")
    ]


def test_nothing_for_you_says_why() -> None:
    team = make_team()
    need = able(make_user("technician", team=team), "network", 2)
    offer(team=team, needs=[need])
    _user, actor = technician(team=team)
    with pytest.raises(NothingForYou, match="needs Network level 2"), door(actor):
        work.pick_next(actor=actor, at=LATER)


def test_a_level_covers_the_lower_ones_and_an_expired_one_covers_nothing() -> None:
    team = make_team()
    expert, expert_actor = technician(team=team)
    lapsed, lapsed_actor = technician(team=team)
    need = able(expert, "network", 3)
    able(lapsed, "network", 3, valid_until=NOON.date() - timedelta(days=1))
    item = offer(team=team, needs=[need - 1])
    with pytest.raises(NothingForYou), door(lapsed_actor):
        work.pick_next(actor=lapsed_actor, at=LATER)
    with door(expert_actor):
        assert work.pick_next(actor=expert_actor, at=LATER).work_item.pk == item.pk


def test_an_expired_holder_is_refused_and_a_coordinator_may_override() -> None:
    team = make_team()
    lapsed, lapsed_actor = technician(team=team)
    need = able(lapsed, "network", 1, valid_until=NOON.date() - timedelta(days=1))
    item = offer(team=team, needs=[need])
    with pytest.raises(DoesNotFit, match="needs Network level 1"), door(lapsed_actor):
        work.take(item, actor=lapsed_actor, at=LATER)
    coordinator = make_actor("coordinator")
    with door(coordinator):
        work.assign(again(item), lapsed, actor=coordinator, at=LATER, override_reason="supervised by Li")
    event = Event.objects.get(code="work.assigned")
    assert again(item).assignee_id == lapsed.pk
    assert (event.data["override"], event.data["over"]) == ("supervised by Li", ["competence"])


@pytest.mark.parametrize("field", ["team", "site", "earliest", "unrouted", "confidential"])
def test_pick_next_leaves_what_does_not_fit(field: str) -> None:
    team = make_team()
    misfits: dict[str, dict[str, Any]] = {
        "team": {"team": make_team()},
        "site": {"team": team, "site": "Malmö"},
        "earliest": {"team": team, "earliest_at": LATER + timedelta(hours=1)},
        "unrouted": {"team": team, "is_routed": False},
        "confidential": {"team": team, "confidential_class": "security"},
    }
    offer(priority=1, **misfits[field])
    _user, actor = technician(team=team, location="Lund")
    with pytest.raises(NothingForYou), door(actor):
        work.pick_next(actor=actor, at=LATER)
    near: dict[str, dict[str, Any]] = {"site": {"site": "lund"}, "earliest": {"earliest_at": NOON}}
    fits = near.get(field, {})
    item = offer(priority=4, team=team, **fits)
    with door(actor):
        assert work.pick_next(actor=actor, at=LATER).work_item.pk == item.pk


def test_work_without_a_team_is_shown_to_teams_with_somebody_able() -> None:
    able_team, other = make_team(), make_team()
    expert, actor = technician(team=able_team)
    technician(team=other)
    need = able(expert, "network", 2)
    item = offer(needs=[need])
    assert again(item).record.audience == [able_team.pk]
    with door(actor):
        assert work.pick_next(actor=actor, at=LATER).work_item.pk == item.pk


def test_three_places_then_full() -> None:
    team = make_team()
    _user, actor = technician(team=team)
    for _number in range(4):
        offer(team=team)
    for _number in range(3):
        with door(actor):
            work.pick_next(actor=actor, at=LATER)
    with pytest.raises(PlacesFull, match="3 of 3") as refused, door(actor):
        work.pick_next(actor=actor, at=LATER)
    assert len(refused.value.facts["mine"]) == 3


def test_hours_beyond_the_next_five_working_days_are_refused_and_a_coordinator_may_override() -> None:
    team = make_team()
    person, _actor = technician(team=team)
    agent, coordinator = make_actor("agent"), make_actor("coordinator")
    first, second = offer(team=team, estimate_minutes=39 * 60), offer(team=team, estimate_minutes=120)
    with door(agent):
        work.assign(first, person, actor=agent, at=LATER)
    with pytest.raises(DoesNotFit, match="40 h in the next five working days and 39 h"), door(agent):
        work.assign(second, person, actor=agent, at=NOON)
    with pytest.raises(NotAllowed), door(agent):
        work.assign(again(second), person, actor=agent, at=LATER, override_reason="must")
    with door(coordinator):
        work.assign(again(second), person, actor=coordinator, at=LATER, override_reason="must")
    assert again(second).assignee_id == person.pk


def test_assign_needs_the_right_and_moves_from_one_to_another() -> None:
    one, actor = technician()
    other = make_user("technician")
    item, agent = offer(), make_actor("agent")
    with pytest.raises(NotAllowed), door(actor):
        work.assign(item, one, actor=actor, at=LATER)
    for person in (one, other):
        with door(agent):
            work.assign(again(item), person, actor=agent, at=LATER)
    assert (again(item).state, again(item).assignee_id) == ("assigned", other.pk)
    assert list(Event.objects.filter(code="work.assigned").order_by("id").values_list("data__before", flat=True)) == [
        None,
        one.pk,
    ]


def test_take_starts_what_one_was_assigned_and_tells_the_loser_who_was_first() -> None:
    one, actor = technician(name="Anna Berg")
    _other, late = technician()
    item, agent = offer(), make_actor("agent")
    with door(agent):
        work.assign(item, one, actor=agent, at=LATER)
    with door(actor):
        work.take(again(item), actor=actor, at=LATER)
    assert again(item).state == "in_progress"
    with pytest.raises(WrongState, match="is with Anna Berg now") as refused, door(late):
        work.take(again(item), actor=late, at=LATER)
    assert refused.value.facts["assignee"] == one.pk


def test_a_major_incident_passes_the_limit_parks_the_top_and_brings_it_back() -> None:
    team = make_team()
    user, actor = technician(team=team)
    held = [offer(team=team) for _number in range(3)]
    for number, item in enumerate(held):
        with door(actor):
            work.take(item, actor=actor, at=LATER + timedelta(minutes=number))
    major = offer("everything stops", priority=1, team=team, is_major=True)
    with door(actor):
        picked = work.pick_next(actor=actor, at=LATER + timedelta(minutes=5))
    assert (picked.work_item.pk, picked.parked and picked.parked.pk) == (major.pk, held[2].pk)
    assert (again(held[2]).state, again(held[2]).parked_by_id, again(held[2]).assignee_id) == (
        "waiting",
        major.pk,
        user.pk,
    )
    with door(actor):
        assert work.return_parked(major.pk, actor=actor, at=LATER + timedelta(minutes=6)) == 0
    with door(actor):
        work.finish(again(major).record, actor=actor, at=LATER + timedelta(minutes=7))
    for count in (1, 0):
        with door(SYSTEM):
            assert work.return_parked(major.pk, actor=SYSTEM, at=LATER + timedelta(minutes=8)) == count
    assert of_person(user.pk)[0].pk == held[2].pk
    assert codes(held[2])[-2:] == ["work.parked", "work.returned"]


def test_resolved_records_leave_nothing_to_pick() -> None:
    team = make_team()
    item, (_user, actor) = offer(team=team), technician(team=team)
    with door(SYSTEM):
        records.move(item.record, FLOW, "end", actor=SYSTEM, at=records.lock(item.record, at=LATER))
        work.finish(item.record, actor=SYSTEM, at=LATER)
    with pytest.raises(NothingForYou, match="Nothing waits"), door(actor):
        work.pick_next(actor=actor, at=LATER)
