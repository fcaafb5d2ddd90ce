"""The life of a work item: offered, picked, handed back, waiting, done; who may, what fits (DOMAIN 2 and 4)."""

from datetime import timedelta
from typing import Any

import pytest

from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.commands.change import WrongState
from coordination.commands.claim import DoesNotFit
from coordination.commands.pick import NothingForYou, PlacesFull
from coordination.models import Ranking, Skip, WorkItem
from coordination.queries.work import of_person
from journal.models import Event
from journal.units import door
from kernel.errors import NotAllowed, Unprocessable
from records import commands as records
from tests.coordination.arrange import FLOW, able, again, offer, technician
from tests.factories import NOON, make_actor, make_team, make_user

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


def codes(work_item: WorkItem) -> list[str]:
    """Event codes of the record, in order."""
    return list(
        Event.objects.filter(subject_id=work_item.record_id, subject_kind="task")
        .order_by("seq")
        .values_list("code", flat=True)
    )


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


def test_planned_work_enters_the_queue_when_its_time_comes() -> None:
    start, team = LATER + timedelta(hours=2), make_team()
    item, _now = offer(team=team, earliest_at=start), offer("now", team=team)
    assert (item.state, Ranking.objects.filter(pk=item.pk).exists()) == ("planned", False)
    planned = Event.objects.get(code="work.planned")
    assert planned.data["earliest_at"] == start.isoformat().replace("+00:00", "Z")
    for at, entered in ((LATER, 0), (start, 1), (start, 0)):
        with door(SYSTEM):
            assert work.enter_planned(actor=SYSTEM, at=at) == entered
    assert again(item).state == "queued"
    assert [part["name"] for part in Ranking.objects.get(pk=item.pk).parts] == ["priority"]
    assert Event.objects.filter(code="work.due", subject_id=item.record_id).count() == 1


def test_what_is_routed_for_later_leaves_the_queue_and_comes_back_when_it_may_start() -> None:
    boss, item = make_actor("coordinator"), offer()
    for earliest, state in ((LATER + timedelta(days=1), "planned"), (None, "queued")):
        with door(boss):
            work.route(item.record, earliest_at=earliest, is_earliest_set=True, actor=boss, at=LATER)
        assert (again(item).state, Ranking.objects.filter(pk=item.pk).exists()) == (state, state == "queued")


def test_work_that_waits_until_a_time_goes_on_when_it_comes() -> None:
    _user, actor = technician(team=(team := make_team()))
    mine, until = offer(team=team), LATER + timedelta(hours=1)
    queued = offer(team=team)
    with door(actor):
        work.take(mine, actor=actor, at=LATER)
        work.wait(mine, reason="supplier", until=until, actor=actor, at=LATER)
        work.wait_for(queued.record, reason="user", until=until, actor=actor, at=LATER)
    for at, woken in ((LATER + timedelta(minutes=59), 0), (until, 2), (until, 0)):
        with door(SYSTEM):
            assert work.wake(actor=SYSTEM, at=at) == woken
    assert (again(mine).state, again(mine).assignee_id, again(mine).waiting_until) == ("in_progress", actor.id, None)
    assert (again(queued).state, Ranking.objects.filter(pk=queued.pk).exists()) == ("queued", True)


def test_planned_work_can_be_taken_early_and_is_planned_again_when_handed_back() -> None:
    _user, actor = technician(team=(team := make_team()))
    item = offer(team=team, earliest_at=LATER + timedelta(days=1))
    with door(actor):
        work.take(item, actor=actor, at=LATER)
    assert again(item).state == "in_progress"
    with door(actor):
        work.hand_back(item, actor=actor, at=LATER)
    assert again(item).state == "planned"


def test_work_that_nobody_has_routed_waits_in_the_queue_for_that_however_late_it_starts() -> None:
    assert offer(earliest_at=LATER + timedelta(days=1), is_routed=False).state == "queued"


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


def test_handing_back_is_free_for_two_minutes_then_needs_a_reason() -> None:
    item = offer()
    _user, actor = technician()
    with door(actor):
        work.take(item, actor=actor, at=LATER)
    with door(actor):
        work.hand_back(again(item), actor=actor, at=LATER + timedelta(minutes=2))
    assert (again(item).state, again(item).assignee_id) == ("queued", None)
    assert Ranking.objects.filter(pk=item.pk).exists()
    with door(actor):
        work.take(again(item), actor=actor, at=LATER)
    too_late = LATER + timedelta(minutes=5)
    with pytest.raises(Unprocessable, match="Choose why"), door(actor):
        work.hand_back(again(item), actor=actor, at=too_late)
    with door(actor):
        work.hand_back(again(item), actor=actor, at=too_late, reason="site")
    assert again(item).state == "queued"


def test_others_cannot_hand_back_but_a_coordinator_can() -> None:
    item = offer()
    _user, actor = technician()
    _other, stranger = technician()
    coordinator = make_actor("coordinator")
    with door(actor):
        work.take(item, actor=actor, at=LATER)
    with pytest.raises(NotAllowed), door(stranger):
        work.hand_back(again(item), actor=stranger, at=LATER, reason="site")
    with door(coordinator):
        work.hand_back(again(item), actor=coordinator, at=LATER, reason="shift_end")
    assert again(item).state == "queued"


def test_skipping_leaves_it_out_for_that_person_for_a_day() -> None:
    team = make_team()
    item = offer(team=team)
    user, actor = technician(team=team)
    _other, colleague = technician(team=team)
    with pytest.raises(Unprocessable), door(actor):
        work.skip(item, reason="lazy", actor=actor, at=LATER)
    with door(actor):
        work.skip(item, reason="pair", actor=actor, at=LATER)
    assert Skip.objects.get().user_id == user.pk
    with pytest.raises(NothingForYou, match="you passed it over"), door(actor):
        work.pick_next(actor=actor, at=LATER)
    with door(actor):
        work.pick_next(actor=actor, at=LATER + timedelta(hours=25))
    with door(actor):
        work.skip(again(item), reason="part", actor=actor, at=LATER + timedelta(hours=26))
    with door(colleague):
        assert work.pick_next(actor=colleague, at=LATER).work_item.pk == item.pk


def test_waiting_frees_the_place_and_resuming_needs_one() -> None:
    team = make_team()
    _user, actor = technician(team=team)
    items = [offer(team=team) for _number in range(4)]
    for item in items[:3]:
        with door(actor):
            work.take(item, actor=actor, at=LATER)
    with pytest.raises(Unprocessable), door(actor):
        work.wait(again(items[0]), reason="weather", actor=actor, at=LATER)
    with door(actor):
        work.wait(again(items[0]), reason="supplier", actor=actor, at=LATER)
    with door(actor):
        work.take(items[3], actor=actor, at=LATER)
    with pytest.raises(DoesNotFit), door(actor):
        work.resume(again(items[0]), actor=actor, at=LATER)
    with door(actor):
        work.hand_back(again(items[3]), reason="other", actor=actor, at=LATER)
    with door(actor):
        work.resume(again(items[0]), actor=actor, at=LATER)
    assert (again(items[0]).state, again(items[0]).waiting_reason) == ("in_progress", "")


def test_a_process_that_waits_takes_queued_work_out_of_the_queue_and_back() -> None:
    item = offer()
    with door(SYSTEM):
        work.wait_for(item.record, reason="supplier", actor=SYSTEM, at=LATER)
    assert (again(item).state, Ranking.objects.count()) == ("waiting", 0)
    with door(SYSTEM):
        work.resume_for(again(item).record, actor=SYSTEM, at=LATER)
    assert (again(item).state, Ranking.objects.count()) == ("queued", 1)


def test_finish_and_cancel_end_the_open_work() -> None:
    done, dropped = offer(), offer()
    user, actor = technician()
    with door(actor):
        work.take(done, actor=actor, at=LATER)
    with door(actor):
        work.finish(again(done).record, actor=actor, at=LATER)
    with door(actor):
        work.cancel(dropped.record, actor=actor, at=LATER)
    assert [(again(each).state, again(each).assignee_id) for each in (done, dropped)] == [
        ("done", user.pk),
        ("cancelled", None),
    ]
    assert Ranking.objects.count() == 0


def test_routing_sets_needs_size_and_site_of_queued_work_only() -> None:
    team = make_team()
    item = offer(is_routed=False)
    coordinator, (_user, technician_actor) = make_actor("coordinator"), technician(team=team)
    with pytest.raises(NotAllowed), door(technician_actor):
        work.route(item.record, team=team, actor=technician_actor, at=LATER)
    with door(coordinator):
        work.route(item.record, team=team, estimate_minutes=240, site=" Malmö ", actor=coordinator, at=LATER)
    stored = again(item)
    assert (stored.is_routed, stored.team_id, stored.remaining_minutes, stored.site) == (True, team.pk, 240, "Malmö")
    assert stored.record.audience == [team.pk]


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


def test_a_boost_moves_the_rank_until_it_expires() -> None:
    item, coordinator, agent = offer(), make_actor("coordinator"), make_actor("agent")
    version = again(item).record.version
    until = LATER + timedelta(hours=1)
    with pytest.raises(NotAllowed), door(agent):
        work.boost(item, points=50, reason="surgery", expires_at=until, actor=agent, at=LATER)
    with pytest.raises(Unprocessable), door(coordinator):
        work.boost(item, points=101, reason="surgery", expires_at=until, actor=coordinator, at=LATER)
    with door(coordinator):
        work.boost(item, points=50, reason="surgery", expires_at=until, actor=coordinator, at=LATER)
    assert (Ranking.objects.get().score, Ranking.objects.get().next_rank_at) == (150, until)
    assert again(item).record.version == version
    with door(SYSTEM):
        assert work.sweep(actor=SYSTEM, at=until) == 1
    assert Ranking.objects.get().score == 100


def test_changing_the_priority_ranks_again() -> None:
    item, agent = offer(priority=3), make_actor("agent")
    with door(agent):
        records.retarget(item.record, actor=agent, at=records.lock(item.record, at=LATER), reason="worse", priority=1)
    assert Ranking.objects.get().score == 300


def test_resolved_records_leave_nothing_to_pick() -> None:
    team = make_team()
    item, (_user, actor) = offer(team=team), technician(team=team)
    with door(SYSTEM):
        records.move(item.record, FLOW, "end", actor=SYSTEM, at=records.lock(item.record, at=LATER))
        work.finish(item.record, actor=SYSTEM, at=LATER)
    with pytest.raises(NothingForYou, match="Nothing waits"), door(actor):
        work.pick_next(actor=actor, at=LATER)
