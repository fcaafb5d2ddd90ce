"""Calendars, competences and working time are settings pages: readable input, kept when wrong, refused to others."""

import pytest
from django.test import Client

from tests.factories import make_user, no_second_factor
from workforce.models import Absence, Calendar, Competence, PersonCompetence, Schedule

pytestmark = pytest.mark.django_db

OFFICE = {
    "code": "office", "name_en": "Office hours", "zone": "Europe/Stockholm", "country": "SE",
    "weekly": "Mon-Thu 08:00-12:00, 13:00-17:00\nFri 08:00-15:00", "days": "2026-12-30 08:00-12:00 Short day",
}  # fmt: skip


@pytest.fixture
def client() -> Client:
    """An administrator's browser."""
    no_second_factor()
    browser = Client()
    browser.force_login(make_user("administrator"))
    return browser


def test_a_calendar_is_written_as_people_write_hours(client: Client) -> None:
    assert client.post("/settings/calendars/new/", OFFICE).status_code == 303
    calendar = Calendar.objects.get()
    assert calendar.weekly[:2] == [[0, 480, 720], [0, 780, 1020]]
    assert calendar.weekly[-1] == [4, 480, 900]
    page = client.get("/settings/calendars/office/").content.decode()
    assert "Mon-Thu 08:00-12:00, 13:00-17:00" in page
    assert "2026-12-30 08:00-12:00 Short day" in page
    assert client.post("/settings/calendars/office/", {**OFFICE, "weekly": "Mon 09:00-10:00"}).status_code == 303
    calendar.refresh_from_db()
    assert (calendar.version, calendar.weekly) == (2, [[0, 540, 600]])


@pytest.mark.parametrize("weekly", ["Monday morning", "Mon 17:00-08:00", "Fri-Mon 08:00-17:00", ""])
def test_hours_that_cannot_be_read_are_refused_and_kept(client: Client, weekly: str) -> None:
    answer = client.post("/settings/calendars/new/", {**OFFICE, "weekly": weekly, "days": ""})
    assert answer.status_code == 422
    assert weekly in answer.content.decode()
    assert Calendar.objects.count() == 0


def test_what_people_can_do_and_when(client: Client) -> None:
    client.post("/settings/calendars/new/", OFFICE)
    client.post("/settings/competences/new/", {"code": "network", "name_en": "Network"})
    person, competence = make_user(), Competence.objects.get()
    base = f"/settings/people/{person.pk}/work/"
    held = {"hold-competence": competence.pk, "hold-level": 2, "hold-valid_until": "2027-01-31"}
    assert client.post(base + "hold/", held).status_code == 303
    assert PersonCompetence.objects.get().level == 2
    hours = {
        "schedule-calendar": Calendar.objects.get().pk,
        "schedule-percent": 80,
        "schedule-valid_from": "2026-01-01",
    }
    assert client.post(base + "schedule/", hours).status_code == 303
    assert Schedule.objects.get().percent == 80
    away = {"absence-kind": "away", "absence-starts_at": "2026-07-01T08:00", "absence-ends_at": "2026-07-10T17:00"}
    assert client.post(base + "absence/", away).status_code == 303
    again = client.post(base + "absence/", away)
    assert (again.status_code, "overlaps" in again.content.decode()) == (422, True)
    assert Absence.objects.count() == 1
    assert client.post(f"{base}absence/{Absence.objects.get().pk}/drop/").status_code == 303
    assert Absence.objects.count() == 0


def test_a_technician_may_not_read_or_change_them() -> None:
    browser = Client()
    browser.force_login(make_user("technician"))
    assert browser.get("/settings/calendars/").status_code == 403
    assert browser.post("/settings/calendars/new/", OFFICE).status_code == 403
    assert browser.post(f"/settings/people/{make_user().pk}/work/hold/", {}).status_code == 403
