"""Hours a person can work, and competences in force: what matching and capacity are true by (DOMAIN T1, T3)."""

from datetime import UTC, date, datetime, timedelta

import pytest

from accounts.models import User
from tests.factories import NOON, make_team, make_user
from workforce import queries
from workforce.models import Absence, Calendar, Competence, PersonCompetence, Schedule

pytestmark = pytest.mark.django_db
MONDAY = datetime(2026, 3, 1, 23, 0, tzinfo=UTC)
"""Midnight in Stockholm."""
WEEK = timedelta(days=7)


def calendar(code: str, weekly: list[list[int]], **fields: object) -> Calendar:
    return Calendar.objects.create(code=code, zone="Europe/Stockholm", weekly=weekly, **fields)


def free(user: User, start: datetime = MONDAY, end: datetime = MONDAY + WEEK) -> int:
    return queries.free_minutes([user.pk], start, end)[user.pk]


def away(user: User, kind: str, start: datetime, hours: int) -> None:
    Absence.objects.create(user=user, kind=kind, starts_at=start, ends_at=start + timedelta(hours=hours))


def test_without_any_schedule_a_person_works_office_hours() -> None:
    assert free(make_user()) == 40 * 60


def test_a_schedule_counts_its_calendar_at_its_share_from_its_day_on() -> None:
    user = make_user()
    half = calendar("mornings", [[day, 480, 720] for day in range(5)])
    Schedule.objects.create(user=user, calendar=half, percent=50, valid_from=date(2026, 1, 1))
    assert free(user) == 20 * 60 * 50 // 100
    Schedule.objects.create(user=user, calendar=half, percent=100, valid_from=date(2026, 3, 4))
    assert free(user) == 2 * 240 // 2 + 3 * 240


def test_before_the_first_day_of_a_schedule_there_are_no_hours() -> None:
    user = make_user()
    Schedule.objects.create(user=user, calendar=calendar("later", [[0, 480, 720]]), valid_from=date(2026, 4, 1))
    assert free(user) == 0


def test_absence_on_call_and_reserved_time_are_taken_off_once() -> None:
    user = make_user()
    morning = MONDAY + timedelta(hours=8)
    away(user, "away", morning, 4)
    away(user, "on_call", morning + timedelta(hours=2), 3)
    away(user, "reserved", MONDAY + timedelta(days=1, hours=13), 24)
    assert free(user) == 40 * 60 - 4 * 60 - 4 * 60 - 4 * 60
    other = make_user()
    assert queries.free_minutes([user.pk, other.pk], MONDAY, MONDAY + WEEK)[other.pk] == 40 * 60


def test_public_holidays_of_the_calendar_are_no_working_time() -> None:
    user = make_user()
    swedish = calendar("office", [[day, 480, 960] for day in range(5)], country="SE")
    Schedule.objects.create(user=user, calendar=swedish, valid_from=date(2026, 1, 1))
    good_friday_week = datetime(2026, 3, 29, 22, 0, tzinfo=UTC)
    assert free(user, good_friday_week, good_friday_week + WEEK) == 4 * 8 * 60


def test_a_level_holds_all_lower_ones_and_counts_through_its_last_day() -> None:
    user, competence = make_user(), Competence.objects.create(code="network", name={})
    PersonCompetence.objects.create(user=user, competence=competence, level=3, valid_until=NOON.date())
    first = competence.pk * 10 + 1
    assert queries.needs_held(user.pk, NOON) == [first, first + 1, first + 2]
    assert queries.needs_held(user.pk, NOON + timedelta(hours=11, minutes=59)) == [first, first + 1, first + 2]
    assert queries.needs_held(user.pk, NOON + timedelta(hours=12)) == []


def test_able_teams_have_one_member_who_holds_everything() -> None:
    both, split = make_team(), make_team()
    network, power = (Competence.objects.create(code=code, name={}) for code in ("network", "power"))
    needs = [network.pk * 10 + 2, power.pk * 10 + 1]
    expert = make_user(team=both)
    for competence in (network, power):
        PersonCompetence.objects.create(user=expert, competence=competence, level=2)
        PersonCompetence.objects.create(user=make_user(team=split), competence=competence, level=2)
    assert queries.teams_able(needs, NOON) == [both.pk]
    assert queries.teams_able(needs[:1], NOON) == sorted([both.pk, split.pk])
    assert queries.teams_able([], NOON) == []
