"""The rest of a work item's life: planned, handed back, passed over, waiting, routed, boosted, done."""

from datetime import timedelta

import pytest

from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.commands.claim import DoesNotFit
from coordination.commands.pick import NothingForYou
from coordination.models import Ranking, Skip
from journal.models import Event
from journal.units import door
from kernel.errors import NotAllowed, Unprocessable
from records import commands as records
from tests.coordination.arrange import again, offer, technician
from tests.factories import NOON, make_actor, make_team

pytestmark = pytest.mark.django_db
LATER = NOON + timedelta(minutes=10)


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
