"""People, teams, roles, tokens and one's own profile in the browser; leavers are out at once (X3, X5)."""

import json
import re

import pytest
from django.core import mail
from django.db import transaction
from django.test import Client
from pytest_django import DjangoAssertNumQueries

from accounts import commands
from accounts.models import Grant, Membership, Team, Token, User, UserSession
from accounts.queries import SYSTEM, actor_for
from journal.models import Event
from journal.units import database_now
from kernel.errors import Conflict, NotAllowed, Unprocessable
from tests.factories import make_actor, make_team, make_user, no_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def boss() -> User:
    """An administrator."""
    no_second_factor()
    return make_user("administrator", name="Boss")


@pytest.fixture
def client(boss: User) -> Client:
    """Their browser."""
    browser = Client()
    browser.force_login(boss)
    return browser


FACTS = {
    "name": "Mei Lin",
    "kind": "person",
    "email": "mei@region.example",
    "language": "zh-hans",
    "zone": "Asia/Shanghai",
}


def codes(user: User) -> list[str]:
    return list(
        Event.objects.filter(subject_kind="user", subject_id=user.pk).order_by("seq").values_list("code", flat=True)
    )


def test_somebody_is_added_chooses_a_password_and_signs_in(client: Client) -> None:
    answer = client.post("/settings/people/new/", FACTS)
    mei = User.objects.get(email="mei@region.example")
    assert answer["Location"] == f"/settings/people/{mei.pk}/"
    Client().post("/accounts/password/reset/", {"email": "mei@region.example"})
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    browser = Client()
    path = browser.get(link[1], follow=True).redirect_chain[-1][0]
    browser.post(path, {"password1": "en lagom lång fras", "password2": "en lagom lång fras"})
    assert (
        browser.post("/accounts/login/", {"login": "mei@region.example", "password": "en lagom lång fras"}).status_code
        == 302
    )
    assert browser.get("/profile/")["Content-Language"] == "zh-hans"


def test_what_must_be_unique_is_said_at_its_field(client: Client) -> None:
    make_user(email="mei@region.example", staff_number="7")
    answer = client.post("/settings/people/new/", {**FACTS, "email": "MEI@region.example", "staff_number": "7"})
    assert answer.status_code == 422
    assert list(answer.context["form"].errors) == ["email", "staff_number"]
    assert "Mei Lin" in answer.content.decode()


def test_nothing_but_the_listed_facts_is_taken(client: Client, boss: User) -> None:
    extra = {
        "is_active": "", "password": "x", "rights_version": 9, "merged_into": boss.pk, "id": boss.pk,
        "disabled_at": "2020", "kind": "person", "theme": "dark", "created_at": "2020-01-01", "role": "administrator",
    }  # fmt: skip
    client.post("/settings/people/new/", {**FACTS, **extra})
    mei = User.objects.get(email="mei@region.example")
    assert (mei.is_active, mei.rights_version, mei.merged_into_id, mei.theme) == (True, 0, None, "system")
    assert not mei.has_usable_password()
    assert not Grant.objects.filter(user=mei).exists()
    assert client.post("/settings/people/new/", {**FACTS, "email": "b@x.example", "kind": "system"}).status_code == 422


def test_a_profile_takes_nothing_else_either(boss: User) -> None:
    browser = Client()
    anna = make_user("requester", name="Anna")
    browser.force_login(anna)
    own = {"language": "sv", "zone": "Europe/Stockholm", "theme": "dark", "density": "compact", "keys": "ctrl",
           "key_map": "w = b", "quiet_from": "20:00", "quiet_to": "07:00"}  # fmt: skip
    assert (
        browser.post("/profile/", {**own, "name": "Root", "email": "root@x.example", "is_vip": "on"}).status_code == 303
    )
    anna.refresh_from_db()
    assert (anna.name, anna.is_vip, anna.language, anna.theme) == ("Anna", False, "sv", "dark")
    assert (anna.keys, anna.quiet_hours) == ({"mode": "ctrl", "map": {"w": "b"}}, {"from": "20:00", "to": "07:00"})
    page = browser.get("/profile/")
    assert page["Content-Language"] == "sv"
    assert b'data-theme="dark"' in page.content
    wrong = browser.post("/profile/", {**own, "zone": "Mars/Olympus", "key_map": "w = t", "quiet_to": ""})
    assert wrong.status_code == 422
    assert list(wrong.context["form"].errors) == ["zone", "key_map", "quiet_to"]


def test_switching_off_ends_sessions_and_tokens_at_once(client: Client) -> None:
    eva = make_user("agent", name="Eva")
    browser = Client()
    browser.force_login(eva)
    token = commands.make_token(eva, name="x", scopes=["records:read"], actor=SYSTEM, at=database_now())
    assert browser.get("/session/").status_code == 200
    assert client.post(f"/settings/people/{eva.pk}/off/").status_code == 303
    assert browser.get("/session/").status_code == 401
    assert not UserSession.objects.filter(user=eva).exists()
    assert Token.objects.get(pk=token.token.pk).revoked_at is not None
    assert codes(eva)[-1] == "accounts.disabled"
    assert client.post(f"/settings/people/{eva.pk}/on/").status_code == 303
    eva.refresh_from_db()
    assert (eva.is_active, eva.disabled_at) == (True, None)
    assert browser.get("/session/").status_code == 401


def test_nobody_switches_themselves_off_or_takes_the_last_administrator(client: Client, boss: User) -> None:
    assert client.post(f"/settings/people/{boss.pk}/off/").status_code == 409
    grant = Grant.objects.get(user=boss)
    assert client.post(f"/settings/people/{boss.pk}/take/", {"grant": grant.pk}).status_code == 409
    make_user("administrator")
    assert client.post(f"/settings/people/{boss.pk}/take/", {"grant": grant.pk}).status_code == 303
    assert client.get("/settings/people/new/").status_code == 403


def test_roles_and_teams_count_from_the_next_page(client: Client) -> None:
    team, eva = make_team("net"), make_user(name="Eva")
    browser = Client()
    browser.force_login(eva)
    assert browser.get("/settings/people/").status_code == 403
    client.post(f"/settings/people/{eva.pk}/join/", {"member-team": team.pk, "member-is_lead": "on"})
    client.post(f"/settings/people/{eva.pk}/grant/", {"grant-role": "technician", "grant-team": team.pk})
    assert browser.get("/settings/people/").status_code == 200
    actor = actor_for(User.objects.get(pk=eva.pk))
    assert (actor.teams, actor.may("work.pick"), actor.may("work.pick", team.pk)) == (frozenset({team.pk}), False, True)
    assert actor.rights_version == 2
    client.post(f"/settings/people/{eva.pk}/leave/", {"team": "net"})
    assert not Membership.objects.filter(user=eva).exists()
    assert not Grant.objects.filter(user=eva).exists()
    assert codes(eva) == ["accounts.membership_changed", "accounts.role_granted", "accounts.membership_changed"]


def test_a_role_that_counts_everywhere_is_not_given_in_a_team(client: Client) -> None:
    eva = make_user()
    answer = client.post(
        f"/settings/people/{eva.pk}/grant/", {"grant-role": "administrator", "grant-team": make_team().pk}
    )
    assert answer.status_code == 422
    assert not Grant.objects.filter(user=eva).exists()


def test_a_guest_becomes_a_known_person(client: Client) -> None:
    guest = User.objects.create(kind="guest", name="Somebody", phone="070")
    anna = make_user(name="Anna Berg")
    page = client.get(f"/settings/people/{guest.pk}/?look_into=berg")
    assert "Anna Berg" in page.content.decode()
    assert client.post(f"/settings/people/{guest.pk}/merge/", {"into": anna.pk}).status_code == 303
    guest.refresh_from_db()
    anna.refresh_from_db()
    assert (guest.merged_into, guest.is_active, anna.phone) == (anna, False, "070")
    assert client.post(f"/settings/people/{guest.pk}/merge/", {"into": anna.pk}).status_code == 409
    assert client.post(f"/settings/people/{anna.pk}/merge/", {"into": guest.pk}).status_code == 409


def test_the_list_costs_the_same_for_one_and_for_three(
    client: Client, django_assert_num_queries: DjangoAssertNumQueries
) -> None:
    team = make_team("net")
    make_user("agent", name="Zed 1", team=team)
    client.get("/settings/people/?q=zed")
    with django_assert_num_queries(7):
        client.get("/settings/people/?q=zed")
    for n in (2, 3):
        make_user("agent", "auditor", name=f"Zed {n}", team=team)
    with django_assert_num_queries(7):
        page = client.get("/settings/people/?q=zed")
    assert [row.name for row, _more in page.context["rows"]] == ["Zed 1", "Zed 2", "Zed 3"]


def test_filters_of_the_list(client: Client) -> None:
    team = make_team("net")
    make_user("agent", name="Ada", team=team)
    make_user("technician", name="Bo")
    for query, names in {
        "team=net": ["Ada"],
        "role=technician": ["Bo"],
        "q=ad": ["Ada"],
        "account=off": [],
        "role=x": 3,
    }.items():
        rows = [row.name for row, _more in client.get(f"/settings/people/?{query}").context["rows"]]
        assert (rows == names) if isinstance(names, list) else (len(rows) == names), query


def test_a_token_is_shown_once(client: Client) -> None:
    robot = make_user("integration", name="Robot", kind="integration")
    made = client.post("/settings/tokens/", {"user": robot.pk, "name": "Alertmanager", "scopes": ["alerts:write"]})
    found = re.search(r'value="(spd_[0-9a-f]{10}_[\w-]{43})"', made.content.decode())
    assert found
    assert made["Cache-Control"] == "no-store"
    secret = found[1].split("_", 2)[2]
    assert secret not in client.get("/settings/tokens/").content.decode()
    token = Token.objects.get()
    replaced = client.post(f"/settings/tokens/{token.pk}/rotate/").content.decode()
    assert re.search(r'value="spd_', replaced)
    assert client.post(f"/settings/tokens/{token.pk}/revoke/").status_code == 303
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_teams_and_roles_pages(client: Client) -> None:
    fields = {"code": "net", "name_en": "Network", "name_sv": "Nät", "email": "net@region.example"}
    assert client.post("/settings/teams/new/", fields).status_code == 303
    team = Team.objects.get()
    assert team.name == {"en": "Network", "sv": "Nät", "zh-hans": "Network"}
    assert client.post("/settings/teams/new/", fields).status_code == 422
    assert client.post(f"/settings/teams/{team.code}/", {**fields, "is_retired": "on"}).status_code == 303
    assert Team.objects.get().retired_at is not None
    assert b"Service desk agent" in client.get("/settings/roles/").content


def test_sign_in_settings_are_versioned_and_refuse_what_was_not_seen(client: Client) -> None:
    page = client.get("/settings/sign-in/").content.decode()
    seen = re.search(r'name="seen" value="(\d+)"', page)
    assert seen
    fields: dict[str, object] = {
        "idle_minutes": 60,
        "longest_hours": 24,
        "token_days": 30,
        "second_factor_roles": [],
        "seen": seen[1],
    }
    assert client.post("/settings/sign-in/", fields).status_code == 303
    assert client.post("/settings/sign-in/", fields).status_code == 409
    assert "after 60 minutes" in client.get("/settings/sign-in/").content.decode()


def test_the_settings_page_shows_what_one_may_open(client: Client) -> None:
    everything = client.get("/settings/").content.decode()
    assert "/settings/tokens/" in everything
    manager = Client()
    manager.force_login(make_user("manager"))
    some = manager.get("/settings/").content.decode()
    assert "/settings/roles/" in some
    assert "/settings/tokens/" not in some
    found = client.get("/settings/?q=token").content.decode()
    assert "/settings/tokens/" in found
    assert "/settings/calendars/" not in found


def test_signing_out_elsewhere_keeps_this_session() -> None:
    anna = make_user("agent")
    here, there = Client(), Client()
    here.force_login(anna)
    there.force_login(anna)
    assert here.post("/profile/sign-out-elsewhere/").status_code == 303
    assert (here.get("/session/").status_code, there.get("/session/").status_code) == (200, 401)


def test_commands_refuse_who_may_not() -> None:
    agent, eva = make_actor("agent"), make_user()
    at = database_now()
    for attempt in (
        lambda: commands.save_person(eva, {"name": "X"}, actor=agent, at=at),
        lambda: commands.disable_person(eva, actor=agent, at=at),
        lambda: commands.grant_role(eva, "agent", actor=agent, at=at),
        lambda: commands.set_member(eva, make_team(), actor=agent, at=at),
        lambda: commands.make_token(eva, name="x", scopes=["alerts:write"], actor=agent, at=at),
        lambda: commands.end_sessions(eva, actor=agent, at=at),
    ):
        with pytest.raises(NotAllowed), transaction.atomic():
            attempt()


def test_nobody_gives_roles_to_themselves(client: Client, boss: User) -> None:
    own, eva = f"/settings/people/{boss.pk}/grant/", make_user()
    assert client.post(own, {"grant-role": "auditor"}).status_code == 409
    assert not Grant.objects.filter(user=boss, role="auditor").exists()
    assert client.post(f"/settings/people/{eva.pk}/grant/", {"grant-role": "auditor"}).status_code == 303


def test_technicians_read_people_and_keep_none(client: Client) -> None:
    eva = make_user("technician", name="Eva")
    browser = Client()
    browser.force_login(eva)
    page = browser.get(f"/settings/people/{eva.pk}/").content.decode()
    assert "Eva" in page
    assert "Give the role" not in page
    assert "Give the role" in client.get(f"/settings/people/{eva.pk}/").content.decode()
    for path in ("", "teams/", "roles/", "tokens/", "sign-in/", "people/new/"):
        assert browser.get(f"/settings/{path}").status_code == 403, path
        assert client.get(f"/settings/{path}").status_code == 200, path


def test_two_who_edit_a_person_at_once_lose_nothing(client: Client) -> None:
    eva = make_user(name="Eva", email="eva@region.example")
    path = f"/settings/people/{eva.pk}/edit/"
    seen = client.get(path).context["form"].initial["seen"]
    facts = {**seen, "email": seen["email"], "staff_number": "", "is_vip": "", "seen": json.dumps(seen)}
    assert client.post(path, {**facts, "unit": "Ward 5"}).status_code == 303
    late = client.post(path, {**facts, "unit": "Ward 7", "location": "Malmö"})
    text = late.content.decode()
    assert late.status_code == 409
    assert "Somebody else has just changed this to: Ward 5." in text
    assert 'value="Ward 7"' in text
    assert 'value="Malmö"' in text
    eva.refresh_from_db()
    assert (eva.unit, eva.location) == ("Ward 5", "")
    mine = {**facts, "unit": "Ward 7", "location": "Malmö", "seen": late.context["form"].data["seen"]}
    assert client.post(path, mine).status_code == 303
    eva.refresh_from_db()
    assert (eva.unit, eva.location) == ("Ward 7", "Malmö")
    assert client.post(path, {**facts, "phone": "070"}).status_code == 303, "what I left alone is no conflict"
    eva.refresh_from_db()
    assert (eva.unit, eva.phone) == ("Ward 7", "070")


def test_a_saved_fact_writes_no_other_column(client: Client) -> None:
    eva = make_user(name="Eva")
    stale = User.objects.get(pk=eva.pk)
    User.objects.filter(pk=eva.pk).update(theme="dark", rights_version=7)
    commands.save_person(stale, {"unit": "Ward 5"}, actor=SYSTEM, at=database_now())
    eva.refresh_from_db()
    assert (eva.unit, eva.theme, eva.rights_version) == ("Ward 5", "dark", 7)
    event = Event.objects.filter(subject_kind="user", subject_id=eva.pk).latest("seq")
    assert (event.data["before"], event.data["after"]) == ({"unit": ""}, {"unit": "Ward 5"})


def test_a_retired_team_gives_nothing_and_its_people_notice_at_once(client: Client) -> None:
    team = make_team("net")
    eva, bo = make_user(team=team), make_user()
    Grant.objects.create(user=bo, role="technician", team=team, granted_at=database_now())
    assert actor_for(User.objects.get(pk=bo.pk)).may("work.pick", team.pk)
    client.post("/settings/teams/net/", {"code": "net", "name_en": "Network", "is_retired": "on"})
    for user in (eva, bo):
        user.refresh_from_db()
    assert (eva.rights_version, bo.rights_version) == (1, 1)
    assert actor_for(bo).teams == frozenset()
    assert not actor_for(bo).may("work.pick", team.pk)
    answer = client.post(f"/settings/people/{eva.pk}/join/", {"member-team": team.pk})
    assert answer.status_code == 422
    client.post("/settings/teams/net/", {"code": "net", "name_en": "Network"})
    bo.refresh_from_db()
    assert actor_for(bo).may("work.pick", team.pk)
    assert bo.rights_version == 2


def test_only_a_guest_becomes_something_else(client: Client) -> None:
    eva, guest = make_user(), User.objects.create(kind="guest", name="G")
    for kind in ("guest", "integration", "system"):
        with pytest.raises(Unprocessable), transaction.atomic():
            commands.save_person(eva, {"kind": kind}, actor=SYSTEM, at=database_now())
    assert commands.save_person(guest, {"kind": "person"}, actor=SYSTEM, at=database_now()).kind == "person"


def test_a_merged_guest_is_not_switched_on_again(client: Client) -> None:
    anna = make_user()
    guest = User.objects.create(kind="guest", name="G", is_active=False, disabled_at=database_now(), merged_into=anna)
    with pytest.raises(Conflict):
        commands.enable_person(guest, actor=SYSTEM, at=database_now())
