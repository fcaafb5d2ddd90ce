"""The time line says what a step of a promise did, not only that there was one."""

import pytest
from django.utils import translation

from accounts.models import User
from accounts.queries import actor_for
from records.queries.timeline import timeline
from sla.commands import sweep
from tests.factories import make_user
from tests.sla.rooms import always, open_at, step, target, utc

pytestmark = pytest.mark.django_db


def lines(user: User) -> list[str]:
    target(always(), 100)
    step(percent=75, action="notify_role", config={"role": "coordinator"})
    step(offset_minutes=-10, action="raise_priority")
    step(offset_minutes=20, action="boost")
    record = open_at(utc("2026-03-04 07:00"))
    sweep(utc("2026-03-04 08:16"))
    sweep(utc("2026-03-04 10:00"))
    return [str(entry.html) for entry in timeline(actor_for(user), record).entries if entry.html]


def test_each_step_says_when_it_was_due_and_what_it_did() -> None:
    with translation.override("en"):
        assert [line for line in lines(make_user("coordinator")) if "Resolution" in line] == [
            "Resolution, when 75 % of the time is used: tell everybody with a role (Coordinator)\n",
            "Resolution, 10 minutes before the due time: raise the priority (told 1 hour 30 minutes late)\n",
            "Resolution: the promise is broken (told 1 hour 20 minutes late)\n",
            "Resolution, 20 minutes after the due time: lift the work in the queue (50 points for 24 hours)"
            " (told 1 hour late)\n",
        ]
