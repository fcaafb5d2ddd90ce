"""Signing in, and everything that must end or slow it down (RELIABILITY 5.1, 5.3)."""

import re
from collections.abc import Iterator

import pytest
from allauth.mfa.models import Authenticator
from allauth.mfa.totp.internal.auth import TOTP, format_hotp_value, hotp_value, yield_hotp_counters_from_time
from axes.models import AccessAttempt
from django.core import mail
from django.core.cache import cache
from django.test import Client
from django.urls import reverse

from accounts.models import User, UserSession
from tests.factories import NOON, make_user

PASSWORD = "correct horse battery"
pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def _empty_cache() -> Iterator[None]:
    cache.clear()
    yield
    cache.clear()


def person(*roles: str, email: str = "anna@region.example", **fields: object) -> User:
    user = make_user(*roles, email=email, **fields)
    user.set_password(PASSWORD)
    user.save()
    return user


def sign_in(client: Client, email: str = "anna@region.example", password: str = PASSWORD, **extra: str) -> int:
    return client.post("/accounts/login/", {"login": email, "password": password}, **extra).status_code


def test_a_person_signs_in_by_email_in_any_case() -> None:
    person("agent")
    client = Client()
    answer = client.post("/accounts/login/", {"login": "Anna@Region.Example", "password": PASSWORD})
    assert (answer.status_code, answer["Location"]) == (302, "/")
    assert client.get("/session/").json()["user"] == User.objects.get().pk


def test_the_session_key_changes_at_sign_in_and_is_dead_after_signing_out() -> None:
    person("agent")
    client = Client()
    client.get("/accounts/login/")
    planted = client.session
    planted["x"] = 1
    planted.save()
    client.cookies["sessionid"] = str(planted.session_key)
    assert sign_in(client) == 302
    fresh = client.cookies["sessionid"].value
    assert fresh != planted.session_key
    thief = Client()
    thief.cookies["sessionid"] = str(planted.session_key)
    assert thief.get("/session/").status_code == 401
    answer = client.post("/accounts/logout/")
    assert answer["Clear-Site-Data"] == '"cache"'
    thief.cookies["sessionid"] = fresh
    assert thief.get("/session/").status_code == 401


def test_a_disabled_person_loses_the_running_session_at_once() -> None:
    user = person("agent")
    client = Client()
    sign_in(client)
    assert client.get("/session/").status_code == 200
    User.objects.filter(pk=user.pk).update(is_active=False, disabled_at=NOON)
    assert client.get("/session/").status_code == 401
    assert not UserSession.objects.filter(user=user).exists()
    User.objects.filter(pk=user.pk).update(is_active=True)
    assert client.get("/session/").status_code == 401


def test_a_changed_password_ends_other_sessions_only() -> None:
    person("agent")
    here, there = Client(), Client()
    sign_in(here)
    sign_in(there)
    new = "a brand new password"
    fields = {"oldpassword": PASSWORD, "password1": new, "password2": new}
    assert here.post("/accounts/password/change/", fields).status_code == 302
    assert here.get("/session/").status_code == 200
    assert there.get("/session/").status_code == 401


def test_a_session_ends_at_its_absolute_limit_and_when_idle() -> None:
    user = person("agent")
    client = Client()
    sign_in(client)
    session = client.session
    session["_started"] -= 8 * 24 * 3600
    session.save()
    assert client.get("/session/").status_code == 401
    sign_in(client)
    row = UserSession.objects.get(user=user)
    assert (row.expire_date - row.seen_at).total_seconds() == pytest.approx(8 * 3600, abs=5)


def test_machines_and_the_system_cannot_sign_in() -> None:
    person("integration", kind="integration", email="robot@region.example")
    assert sign_in(Client(), "robot@region.example") != 302 or Client().get("/session/").status_code == 401
    client = Client()
    sign_in(client, "robot@region.example")
    assert client.get("/session/").status_code == 401


def test_after_five_wrong_passwords_the_right_one_waits_too() -> None:
    person("agent")
    guesser = Client()
    assert [sign_in(guesser, password=f"guess {n}") for n in range(6)] == [200, 200, 200, 200, 429, 429]
    assert sign_in(guesser) == 429
    other_address = Client(REMOTE_ADDR="198.51.100.7")
    assert sign_in(other_address) == 429
    AccessAttempt.objects.update(attempt_time=NOON)  # the pause is over
    assert sign_in(guesser) == 302


def test_strangers_cannot_lock_the_owner_out_of_a_known_browser() -> None:
    person("agent")
    home = Client(REMOTE_ADDR="192.0.2.1")
    assert sign_in(home) == 302
    home.post("/accounts/logout/")
    stranger = Client(REMOTE_ADDR="198.51.100.7")
    for n in range(6):
        sign_in(stranger, password=f"guess {n}")
    assert sign_in(stranger) == 429
    assert sign_in(home) == 302


def test_ten_thousand_guesses_from_everywhere_are_evaluated_five_times(django_assert_max_num_queries: object) -> None:
    person("agent")
    answers = [sign_in(Client(REMOTE_ADDR=f"198.51.{n}.1", HTTP_USER_AGENT=f"b{n}"), password="x") for n in range(40)]
    assert answers.count(200) == 4
    assert AccessAttempt.objects.count() == 5


def body(html: bytes) -> str:
    text = re.sub(r'data-now="\d+"|csrfmiddlewaretoken" value="[^"]+"', "", html.decode())
    return text.replace("nobody@region.example", "E").replace("anna@region.example", "E")


def test_an_unknown_account_is_answered_like_a_known_one() -> None:
    person("agent")
    for n in range(6):
        known = Client().post("/accounts/login/", {"login": "anna@region.example", "password": f"guess {n}"})
        unknown = Client().post("/accounts/login/", {"login": "nobody@region.example", "password": f"guess {n}"})
        assert (known.status_code, body(known.content)) == (unknown.status_code, body(unknown.content))


def test_an_unknown_account_costs_a_hash_as_well(monkeypatch: pytest.MonkeyPatch) -> None:
    person("agent")
    hashed: list[str] = []
    original = User.set_password

    def counted(self: User, raw: str | None) -> None:
        hashed.append("x")
        original(self, raw)

    monkeypatch.setattr(User, "set_password", counted)
    sign_in(Client(), "nobody@region.example", "some guess")
    assert hashed == ["x"]


def test_a_new_password_by_mail_says_nothing_about_who_exists() -> None:
    person("agent")
    known = Client().post("/accounts/password/reset/", {"email": "anna@region.example"})
    assert len(mail.outbox) == 1
    unknown = Client().post("/accounts/password/reset/", {"email": "nobody@region.example"})
    assert len(mail.outbox) == 1
    assert (known.status_code, known["Location"]) == (unknown.status_code, unknown["Location"])
    link = re.search(r"http://testserver(/accounts/password/reset/key/\S+)", str(mail.outbox[0].body))
    assert link
    client = Client()
    form = client.get(link[1], follow=True)
    new = "a brand new password"
    path = form.redirect_chain[-1][0]
    assert client.post(path, {"password1": new, "password2": new}).status_code == 302
    assert sign_in(Client(), password=new) == 302
    assert b"no longer works" in Client().get(link[1], follow=True).content


def test_nobody_signs_up_alone() -> None:
    answer = Client().post("/accounts/signup/", {"email": "new@region.example", "password1": PASSWORD})
    assert answer.status_code == 404
    assert not User.objects.exists()


def code_of(secret: str, step: int = 0) -> str:
    return format_hotp_value(hotp_value(secret, list(yield_hotp_counters_from_time())[1 + step]))


def test_the_second_factor_is_asked_and_its_guesses_are_counted() -> None:
    user = person("agent")
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    stored = Authenticator.objects.get(user=user).data["secret"]
    assert secret not in stored
    client = Client()
    assert client.post("/accounts/login/", {"login": user.email, "password": PASSWORD})["Location"].startswith(
        "/accounts/2fa/authenticate/"
    )
    assert client.get("/session/").status_code == 401
    assert client.post("/accounts/2fa/authenticate/", {"code": code_of(secret)}).status_code == 302
    assert client.get("/session/").status_code == 200

    guesser = Client(REMOTE_ADDR="198.51.100.7")
    sign_in(guesser)
    answers = [guesser.post("/accounts/2fa/authenticate/", {"code": "000000"}).status_code for _ in range(6)]
    assert answers == [200, 200, 200, 200, 429, 429]
    assert guesser.post("/accounts/2fa/authenticate/", {"code": code_of(secret, 1)}).status_code == 429
    assert guesser.get("/session/").status_code == 401


def test_a_code_works_once() -> None:
    user = person("agent")
    secret = "JBSWY3DPEHPK3PXPJBSWY3DPEHPK3PXP"
    TOTP.activate(user, secret)
    code = code_of(secret)
    answers = []
    for _ in range(2):
        client = Client()
        sign_in(client)
        answers.append(client.post("/accounts/2fa/authenticate/", {"code": code}).status_code)
    assert answers == [302, 200]


@pytest.mark.parametrize("role", ["administrator", "auditor"])
def test_powerful_roles_must_set_up_a_second_factor_first(role: str) -> None:
    person(role)
    client = Client()
    sign_in(client)
    assert client.get("/")["Location"] == reverse("mfa_activate_totp")
    page = client.get("/accounts/2fa/totp/activate/")
    secret = re.search(rb"data-secret>([A-Z2-7]+)<", page.content)
    assert secret
    answer = client.post("/accounts/2fa/totp/activate/", {"code": code_of(secret[1].decode())})
    assert answer.status_code == 302
    assert client.get(answer["Location"]).status_code == 200
    assert client.get("/")["Location"] != reverse("mfa_activate_totp")


def test_the_password_is_asked_again_before_the_second_factor_changes() -> None:
    person("agent")
    client = Client()
    sign_in(client)
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200
    session = client.session
    session["_started"] -= 3600
    session.save()
    answer = client.get("/accounts/2fa/totp/activate/")
    assert answer["Location"].startswith("/accounts/reauthenticate/")
    assert client.post(answer["Location"], {"password": "wrong"}).status_code == 200
    assert client.post(answer["Location"], {"password": PASSWORD}).status_code == 302
    assert client.get("/accounts/2fa/totp/activate/").status_code == 200


def test_an_agent_need_not() -> None:
    person("agent")
    client = Client()
    sign_in(client)
    assert client.get("/")["Location"] != reverse("mfa_activate_totp")
