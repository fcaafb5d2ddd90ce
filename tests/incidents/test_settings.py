"""Matrix, closing rules and categories as data (UX 3.17, DOMAIN I3, I11)."""

import re

import pytest
from django.test import Client

from accounts.models import User
from incidents import commands
from incidents.queries import rules
from itsm.checks import unheard
from journal.models import Event
from kernel.errors import NotAllowed, Stale, Unprocessable
from kernel.events import known_codes
from kernel.reactions import codes_listened_to
from records.models import Category, Record
from tests.factories import NOON, make_actor, make_user, no_second_factor
from tests.incidents.help import RESOLUTION, World, minutes, refuses


@pytest.fixture
def office(world: World) -> Client:
    """The administrator's browser."""
    no_second_factor()
    browser = Client()
    browser.force_login(make_user("administrator"))
    return browser


def matrix_form(**changed: str) -> dict[str, str]:
    """The whole form as it is now, with these cells changed."""
    now = rules.matrix()
    cells = {f"cell_{i}_{u}": str(priority) for (i, u), priority in now.items()}
    return {**cells, "seen": "".join(str(now[i, u]) for i in rules.SCALE for u in rules.SCALE), **changed}


def test_a_changed_cell_counts_for_new_incidents_only(world: World, office: Client) -> None:
    old = world.opened(impact=3, urgency=1)
    page = office.get("/settings/matrix/").content.decode()
    assert "1 open incident keeps the priority that it has." in " ".join(page.split())
    assert office.post("/settings/matrix/", matrix_form(cell_3_1="1")).status_code == 303
    new = world.opened(impact=3, urgency=1)
    assert (Record.objects.get(pk=old.pk).priority, Record.objects.get(pk=new.pk).priority) == (2, 1)
    assert Event.objects.get(code="incident.matrix_changed").data["changed"] == {"3,1": [2, 1]}


def test_two_administrators_do_not_overwrite_each_other(office: Client) -> None:
    stale = matrix_form(cell_3_1="1")
    office.post("/settings/matrix/", matrix_form(cell_4_4="3"))
    answer = office.post("/settings/matrix/", stale)
    assert answer.status_code == 409
    assert "Somebody else has changed the matrix" in answer.content.decode()
    assert rules.matrix()[3, 1] == 2


def test_the_matrix_needs_the_right_and_sixteen_priorities(world: World) -> None:
    now, administrator = dict(rules.matrix()), make_actor("administrator")
    with refuses(NotAllowed):
        commands.set_matrix(now, seen=now, actor=world.agent, at=NOON)
    with refuses(Unprocessable):
        commands.set_matrix({**now, (1, 1): 5}, seen=now, actor=administrator, at=NOON)
    with refuses(Stale):
        commands.set_matrix(now, seen={**now, (1, 1): 4}, actor=administrator, at=NOON)
    assert commands.set_matrix({**now, (1, 1): 2}, seen=now, actor=administrator, at=NOON) == 1


def test_closing_rules_count_for_what_is_resolved_from_now_on(world: World, office: Client) -> None:
    before = world.resolved()
    page = office.get("/settings/closing/").content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen is not None
    values = {"auto_close_working_days": "1", "reopen_calendar_days": "30", "calendar": "", "seen": seen[1]}
    assert office.post("/settings/closing/", {**values, "auto_close_working_days": "0"}).status_code == 422
    assert office.post("/settings/closing/", values).status_code == 303
    assert office.post("/settings/closing/", values).status_code == 409
    after = world.opened()
    commands.resolve(after, cause="network", resolution=RESOLUTION, actor=world.agent, at=minutes(0))
    assert before.closes_at is not None
    assert after.closes_at is not None
    assert (after.closes_at - NOON).days == 1
    assert rules.closing_rules().reopen_calendar_days == 30


def test_categories_are_added_changed_and_retired_never_removed(world: World, office: Client) -> None:
    new = {"code": "mail", "name_en": "Mail", "name_sv": "E-post", "team": str(world.network.pk)}
    assert office.post("/settings/categories/new/", {**new, "name_en": ""}).status_code == 422
    assert office.post("/settings/categories/new/", new).status_code == 303
    assert "in use" in office.post("/settings/categories/new/", new).content.decode()
    mail = Category.objects.get()
    assert (mail.kind, mail.name, mail.team_id) == ("incident", {"en": "Mail", "sv": "E-post"}, world.network.pk)
    circle = office.post("/settings/categories/mail/", {"name_en": "Mail", "parent": str(mail.pk)})
    assert circle.status_code == 422
    assert office.post("/settings/categories/mail/", {"name_en": "Mail", "is_retired": "on"}).status_code == 303
    assert Category.objects.get().retired_at is not None
    assert "retired" in office.get("/settings/categories/").content.decode()


@pytest.mark.parametrize("path", ["matrix/", "closing/", "categories/", "categories/new/"])
def test_settings_are_read_by_those_who_may_and_changed_by_administrators(world: World, path: str) -> None:
    no_second_factor()
    answers = {}
    for role in ("manager", "agent", "requester"):
        browser = Client()
        browser.force_login(User.objects.get(pk=make_user(role).pk))
        answers[role] = browser.get(f"/settings/{path}").status_code
    readable = 403 if path == "categories/new/" else 200
    assert answers == {"manager": readable, "agent": 403, "requester": 403}


def test_a_reader_of_the_settings_changes_nothing(world: World) -> None:
    no_second_factor()
    browser = Client()
    browser.force_login(make_user("manager"))
    assert browser.post("/settings/matrix/", matrix_form(cell_3_1="1")).status_code == 403
    assert rules.matrix()[3, 1] == 2


def test_every_reaction_hears_something_that_is_emitted() -> None:
    assert unheard(codes_listened_to(), known_codes()) == []
    assert unheard({"work.picked", "work.pickled"}, {"work.picked"}) == ["work.pickled"]
