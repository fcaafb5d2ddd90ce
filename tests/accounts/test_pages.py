"""Settings of people, teams, roles and tokens; everybody's own profile."""

import pytest
from django.test import Client

from accounts.models import Grant, Membership, Team, Token, User
from tests.factories import make_team, make_user, no_second_factor

pytestmark = pytest.mark.django_db


@pytest.fixture
def keeper() -> User:
    """Somebody who keeps people."""
    no_second_factor()
    return make_user("administrator")


@pytest.fixture
def client(keeper: User) -> Client:
    """Their browser."""
    browser = Client()
    browser.force_login(keeper)
    return browser


FACTS = {"name": "Anna Berg", "email": "anna@region.example", "language": "sv", "zone": "Europe/Stockholm"}


def test_a_person_is_added_given_teams_and_roles_and_switched_off(client: Client) -> None:
    assert client.post("/settings/people/new/", FACTS).status_code == 303
    anna, team = User.objects.get(email="anna@region.example"), make_team("net")
    base = f"/settings/people/{anna.pk}/"
    client.post(base + "teams/", {"teams": [team.pk]})
    client.post(base + "grant/", {"role": "technician", "team": team.pk})
    assert Membership.objects.get(user=anna).team_id == team.pk
    grant = Grant.objects.get(user=anna)
    assert (grant.role, grant.team_id) == ("technician", team.pk)
    assert "technician" in client.get(base).content.decode()
    client.post(base + "take/", {"grant": grant.pk})
    assert not Grant.objects.filter(user=anna).exists()
    theirs = Client()
    theirs.force_login(anna)
    assert theirs.get("/profile/").status_code == 200
    client.post(base + "off/")
    assert theirs.get("/profile/").status_code == 302, "the session ended at once"


def test_anothers_address_is_refused_and_nothing_typed_is_lost(client: Client) -> None:
    make_user(email="anna@region.example")
    answer = client.post("/settings/people/new/", {**FACTS, "unit": "Ward 5"})
    assert answer.status_code == 422
    assert "Somebody else has this e-mail address." in answer.content.decode()
    assert "Ward 5" in answer.content.decode()


def test_nobody_gives_themselves_a_role_or_switches_themselves_off(client: Client, keeper: User) -> None:
    base = f"/settings/people/{keeper.pk}/"
    client.post(base + "grant/", {"role": "auditor"})
    client.post(base + "off/")
    keeper.refresh_from_db()
    assert keeper.is_active
    assert not Grant.objects.filter(user=keeper, role="auditor").exists()


def test_a_token_is_shown_once_and_can_be_revoked(client: Client) -> None:
    machine = make_user("integration", kind="integration", name="Prometheus")
    made = client.post("/settings/tokens/", {"user": machine.pk, "name": "Alertmanager", "scopes": ["alerts:write"]})
    token = Token.objects.get()
    assert token.prefix in made.content.decode()
    assert token.digest not in made.content.decode()
    client.post(f"/settings/tokens/{token.pk}/revoke/")
    token.refresh_from_db()
    assert token.revoked_at is not None


def test_everybody_keeps_their_own_profile() -> None:
    user, browser = make_user(), Client()
    browser.force_login(user)
    values = {
        "language": "zh-hans", "zone": "Asia/Shanghai", "theme": "dark", "density": "compact", "keys": "off",
        "quiet_from": "22:00", "quiet_to": "06:00",
    }  # fmt: skip
    assert browser.post("/profile/", values).status_code == 303
    user.refresh_from_db()
    assert (user.zone, user.theme, user.keys["mode"]) == ("Asia/Shanghai", "dark", "off")
    assert user.quiet_hours == {"from": "22:00", "to": "06:00"}
    assert browser.post("/profile/", {**values, "zone": "Mars/Base"}).status_code == 422


def test_teams_and_roles_have_pages_and_a_technician_has_none(client: Client) -> None:
    assert client.post("/settings/teams/new/", {"code": "net", "name_en": "Network"}).status_code == 303
    assert Team.objects.get().name["sv"] == "Network"
    for path in ("/settings/", "/settings/teams/", "/settings/roles/", "/settings/people/", "/settings/teams/net/"):
        assert client.get(path).status_code == 200
    stranger = Client()
    stranger.force_login(make_user("technician"))
    for path in ("/settings/", "/settings/people/", "/settings/teams/", "/settings/roles/", "/settings/tokens/"):
        assert stranger.get(path).status_code == 403
