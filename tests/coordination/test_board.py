"""The board and what is mine: columns, cards moved by buttons, drafts, what a major incident parked."""

from datetime import timedelta

import pytest
from django.test import Client
from django.utils import timezone

from accounts.models import Team, User
from coordination import commands as work
from coordination.models import WorkItem
from incidents import commands
from journal.units import door
from tests.coordination.arrange import again, offer, technician
from tests.coordination.browse import browser, text
from tests.factories import make_team, make_user
from tests.incidents.help import World

pytestmark = [pytest.mark.django_db, pytest.mark.usefixtures("pages")]


def test_the_board_has_five_columns(anna: User, team: Team) -> None:
    offer("loose", team=team, is_routed=False)
    offer("open", team=team)
    held = offer("busy", team=team)
    client = browser(anna)
    client.post(f"/queue/{held.pk}/take/")
    columns = {column.key: [card.title for card in column.cards] for column in client.get("/board/").context["columns"]}
    assert columns == {"unrouted": ["loose"], "ready": ["open"], "in_progress": ["busy"], "waiting": [], "review": []}


def test_work_stands_under_review_until_its_record_is_closed_or_comes_back(boss: User) -> None:
    world, now = World(), timezone.now()
    network = world.network
    done = world.resolved(title="switch restarted", moment=now)
    world.closed(title="closed for good", moment=now)
    world.resolved(title="long ago", moment=now - timedelta(days=15))
    foreign = browser(make_user("technician", team=make_team()))

    def review(client: Client) -> tuple[int, list[str]]:
        column = next(each for each in client.get("/board/").context["columns"] if each.key == "review")
        return column.count, [card.title for card in column.cards]

    assert review(browser(boss)) == (1, ["switch restarted"])
    assert review(browser(make_user("technician", team=network))) == (1, ["switch restarted"])
    assert review(foreign) == (0, [])
    with door(world.agent):
        commands.reopen(done, reason="Still drops.", actor=world.agent, at=now)
    assert review(browser(boss)) == (0, [])


def test_cards_are_moved_by_the_buttons_that_the_arrow_keys_press(anna: User, boss: User, team: Team) -> None:
    item = offer("open", team=team)
    client = browser(anna)
    card = text(client, "/board/")
    assert f'action="/queue/{item.pk}/take/"' in card
    assert 'data-move="ArrowRight"' in card
    here = f"/board/#card-{item.pk}"
    taken = client.post(f"/queue/{item.pk}/take/", {"next": here})
    assert (taken.status_code, taken["Location"]) == (303, here)
    card = text(client, "/board/")
    assert f'data-move="ArrowLeft" href="/queue/{item.pk}/?next=/board/#release"' in card
    assert f'data-move="ArrowRight" href="/queue/{item.pk}/?next=/board/#wait"' in card
    assert 'name="next" value="/board/"' in text(client, f"/queue/{item.pk}/?next=/board/")


def test_mine_shows_what_was_typed_and_not_sent(anna: User) -> None:
    client = browser(anna)
    assert "Drafts" not in text(client, "/mine/").partition("<main")[2]
    client.post("/drafts/call:1/", {"text": "VPN drops since"})
    assert "VPN drops since" in text(client, "/mine/")
    thrown = client.post("/drafts/call:1/", {"drop": "1", "next": "/mine/"})
    assert (thrown.status_code, thrown["Location"]) == (303, "/mine/")
    assert "VPN drops since" not in text(client, "/mine/")


def test_a_returned_parked_work_item_stands_at_the_top_of_mine(anna: User, team: Team) -> None:
    client = browser(anna)
    for number in range(2):
        offer(f"job {number}", team=team)
        client.post("/queue/next/")
    major = offer("all down", team=team, priority=1, is_major=True)
    client.post("/queue/next/")
    parked = WorkItem.objects.get(parked_by=major)
    assert "Interrupted by a major incident" in text(client, "/mine/")
    _user, actor = technician(role="agent")
    with door(actor) as at:
        work.finish(again(major).record, actor=actor, at=at)
    with door(actor) as at:
        work.return_parked(major.pk, actor=actor, at=at)
    assert client.get("/mine/").context["rows"][0].id == parked.pk
