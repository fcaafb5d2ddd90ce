"""Sessions that have ended and answers of yesterday do not pile up; what still counts stays."""

from datetime import timedelta

import pytest
from django.test import Client

from accounts.models import IdempotencyKey, UserSession
from itsm import rounds
from journal.units import database_now
from kernel.sweeps import all_sweepers
from tests.factories import make_user

pytestmark = pytest.mark.django_db(transaction=True)


def sweep() -> int:
    return rounds.sweep(each for each in all_sweepers() if each.name == "accounts.tidy")


def test_what_has_ended_goes_and_what_counts_stays() -> None:
    anna, now = make_user("agent"), database_now()
    here, gone = Client(), Client()
    here.force_login(anna)
    gone.force_login(anna)
    UserSession.objects.filter(pk=gone.session.session_key).update(expire_date=now - timedelta(minutes=1))
    for key, hours in (("old", 25), ("young", 23)):
        IdempotencyKey.objects.create(user=anna, key=key, path="/", request_digest="x", at=now - timedelta(hours=hours))
    assert sweep() == 2
    assert [row.pk for row in UserSession.objects.all()] == [here.session.session_key]
    assert [row.key for row in IdempotencyKey.objects.all()] == ["young"]
    assert here.get("/session/").status_code == 200
    assert sweep() == 0, "the hour is claimed"
