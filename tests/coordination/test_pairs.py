"""Asking a colleague to do work together: who can be asked, what a yes means, who hears of it (UX 3.6)."""

from datetime import timedelta

import pytest

from accounts.models import Team, User
from accounts.queries import SYSTEM, actor_for
from coordination import commands as work
from coordination.commands.claim import DoesNotFit
from coordination.models import PairAsk, WorkItem
from coordination.queries.limits import load_of
from journal.commands.relay import relay_due
from journal.units import door
from kernel.errors import Conflict, NotAllowed, Unprocessable
from notifications.models import Notification
from records import commands as records
from tests.coordination.arrange import able, again, codes, offer
from tests.coordination.browse import browser, text
from tests.factories import NOON, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def bo(team: Team) -> User:
    """A technician of the team who holds network at level 2."""
    found = make_user("technician", name="Bo Ek", team=team)
    able(found, "network", 2)
    return found


@pytest.fixture
def item(bo: User, anna: User, team: Team) -> WorkItem:
    """Work that Bo is able to do; Anna holds one level less."""
    need = able(anna, "network", 1) + 1
    return offer("Replace the core switch", team=team, needs=[need])


def ask(item: WorkItem, asker: User, colleague: User, note: str = "") -> PairAsk:
    actor = actor_for(asker)
    with door(actor):
        return work.ask_pair(item, colleague, note_text=note, actor=actor, at=LATER)


def answer(asked: PairAsk, person: User, *, accept: bool) -> None:
    actor = actor_for(person)
    with door(actor):
        work.answer_pair(asked, accept=accept, actor=actor, at=LATER)


def take(item: WorkItem, person: User) -> None:
    actor = actor_for(person)
    with door(actor):
        work.take(again(item), actor=actor, at=LATER)


def test_together_they_hold_what_the_work_needs(item: WorkItem, anna: User, bo: User) -> None:
    with pytest.raises(DoesNotFit, match="which Anna Berg does not hold"):
        take(item, anna)
    answer(ask(item, anna, bo), bo, accept=True)
    take(item, anna)
    stored = again(item)
    assert (stored.state, stored.assignee_id, stored.second_id) == ("in_progress", anna.pk, bo.pk)
    assert codes(item)[2:] == ["work.pair_asked", "work.pair_accepted", "work.picked"]


def test_a_no_changes_nothing(item: WorkItem, anna: User, bo: User) -> None:
    answer(ask(item, anna, bo), bo, accept=False)
    with pytest.raises(DoesNotFit):
        take(item, anna)


def test_the_second_person_comes_to_work_one_has_and_may_leave_it(item: WorkItem, anna: User, bo: User) -> None:
    take(item, bo)
    third = make_user("technician", name="Cy Lund", team=item.team)
    asked = ask(again(item), bo, third)
    answer(asked, third, accept=True)
    assert again(item).second_id == third.pk
    answer(asked, third, accept=False)
    assert again(item).second_id is None
    with pytest.raises(Conflict, match="answered already"):
        answer(asked, third, accept=True)


def test_the_second_person_keeps_their_places_and_hours(item: WorkItem, anna: User, bo: User) -> None:
    answer(ask(item, anna, bo), bo, accept=True)
    take(item, anna)
    loads = load_of([anna.pk, bo.pk])
    assert [(loads[each.pk].held, loads[each.pk].minutes) for each in (anna, bo)] == [(1, 60), (0, 0)]


def test_handing_back_ends_it(item: WorkItem, anna: User, bo: User) -> None:
    answer(ask(item, anna, bo), bo, accept=True)
    take(item, anna)
    actor = actor_for(anna)
    with door(actor):
        work.hand_back(again(item), actor=actor, at=LATER)
    assert (again(item).state, again(item).second_id) == ("queued", None)


def test_whoever_takes_it_alone_takes_it_from_both(item: WorkItem, anna: User, bo: User) -> None:
    asked = ask(item, anna, bo)
    take(item, bo)
    assert again(item).second_id is None
    with pytest.raises(Conflict, match="gone on without you"):
        answer(asked, bo, accept=True)


def test_only_the_one_who_was_asked_answers_and_asking_twice_is_one_ask(item: WorkItem, anna: User, bo: User) -> None:
    asked = ask(item, anna, bo)
    assert ask(item, anna, bo).pk == asked.pk
    with pytest.raises(NotAllowed):
        answer(asked, anna, accept=True)
    answer(asked, bo, accept=True)
    assert PairAsk.objects.get().answer == "accepted"


@pytest.mark.parametrize("who", ["lacks it", "cannot see it", "takes no work", "oneself"])
def test_who_cannot_be_asked(item: WorkItem, anna: User, bo: User, team: Team, who: str) -> None:
    misfit = {
        "lacks it": lambda: make_user("technician", team=team),
        "cannot see it": lambda: make_user("technician", team=make_team()),
        "takes no work": lambda: make_user("auditor", team=team),
        "oneself": lambda: anna,
    }[who]()
    if who in ("cannot see it", "takes no work"):
        able(misfit, "network", 2)
    with pytest.raises(Unprocessable, match="Choose a colleague"):
        ask(item, anna, misfit)
    assert ask(item, anna, bo).colleague_id == bo.pk


def test_a_confidential_record_is_opened_to_nobody_by_asking(bo: User, team: Team) -> None:
    officer, other = (make_user("technician", team=team) for _number in range(2))
    hidden = offer(team=team, confidential_class="security")
    with door(SYSTEM):
        records.lock(hidden.record, at=NOON)
        records.share(hidden.record, people=[officer.pk, other.pk])
    with pytest.raises(Unprocessable):
        ask(hidden, officer, bo)
    assert ask(hidden, officer, other).colleague_id == other.pk


def test_an_account_that_is_switched_off_helps_nobody(item: WorkItem, anna: User, bo: User) -> None:
    answer(ask(item, anna, bo), bo, accept=True)
    take(item, anna)
    with door(SYSTEM):
        work.give_back_all(bo.pk, actor=SYSTEM, at=LATER)
    assert (again(item).assignee_id, again(item).second_id) == (anna.pk, None)


def test_the_colleague_hears_of_it_and_the_asker_of_the_answer(item: WorkItem, anna: User, bo: User) -> None:
    asked = ask(item, anna, bo, "I have done two of them")
    while relay_due(LATER, actor=SYSTEM):
        pass
    told = Notification.objects.get(code="work.pair_asked")
    assert (told.user_id, told.title) == (
        bo.pk, f"{item.record.number} Replace the core switch: Anna Berg asks Bo Ek to do this together",
    )  # fmt: skip
    answer(asked, bo, accept=True)
    while relay_due(LATER, actor=SYSTEM):
        pass
    assert Notification.objects.get(code="work.pair_accepted").user_id == anna.pk


def test_asking_and_answering_in_the_browser(item: WorkItem, anna: User, bo: User) -> None:
    asker, colleague = browser(anna), browser(bo)
    assert f'href="/queue/{item.pk}/#pair"' in text(asker, "/queue/")
    page = text(asker, f"/queue/{item.pk}/")
    assert f'<option value="{bo.pk}">Bo Ek</option>' in page
    assert asker.post(f"/queue/{item.pk}/pair/", {"person": ""}).status_code == 422
    sent = asker.post(f"/queue/{item.pk}/pair/", {"person": bo.pk, "note": "after lunch"})
    assert (sent.status_code, sent["Location"]) == (303, f"/queue/{item.pk}/")
    asked = PairAsk.objects.get()
    mine = text(colleague, "/mine/")
    assert "Anna Berg asks you to do this together:" in mine
    assert "after lunch" in mine
    url = f"/queue/{item.pk}/pair/{asked.pk}/"
    assert f'action="{url}"' not in text(asker, f"/queue/{item.pk}/")
    assert asker.post(url, {"answer": "accept"}).status_code == 403
    assert colleague.post(url, {"answer": "accept"}).status_code == 303
    assert "Take the work: what you both hold counts." in text(asker, f"/queue/{item.pk}/")
    asker.post(f"/queue/{item.pk}/take/")
    assert "together with Bo Ek" in text(asker, f"/queue/{item.pk}/")
    assert "together with Bo Ek" in " ".join(text(asker, "/queue/?view=mine").split())
    assert "You help Anna Berg:" in text(colleague, "/mine/")


def test_rest_asks_and_answers(item: WorkItem, anna: User, bo: User) -> None:
    asker, colleague = browser(anna), browser(bo)
    sent = asker.post(f"/api/v1/work/{item.pk}/pair/", {"person": bo.pk}, content_type="application/json")
    assert sent.status_code == 200
    (asked,) = asker.get(f"/api/v1/work/{item.pk}/pairs/").json()["results"]
    assert (asked["asker"], asked["colleague"], asked["answer"]) == ("Anna Berg", "Bo Ek", "")
    body = {"ask": asked["id"], "accept": True}
    assert asker.post(f"/api/v1/work/{item.pk}/answer-pair/", body, content_type="application/json").status_code == 403
    assert (
        colleague.post(f"/api/v1/work/{item.pk}/answer-pair/", body, content_type="application/json").status_code == 200
    )
    taken = asker.post(f"/api/v1/work/{item.pk}/take/", {}, content_type="application/json").json()
    assert taken["second"] == "Bo Ek"
