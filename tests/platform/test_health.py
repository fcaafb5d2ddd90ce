"""/healthz and /readyz, as a proxy asks them."""

from datetime import timedelta

import pytest
from django.db import connection
from django.db.migrations.loader import MigrationLoader
from django.db.migrations.recorder import MigrationRecorder
from django.test import Client

from itsm import health
from journal.commands import beat
from journal.units import database_now


@pytest.mark.django_db
def test_ready_tells_each_part(client: Client) -> None:
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json() == {"database": "ok", "migrations": "ok", "cache": "ok", "engine": "not seen yet"}
    assert "no-store" in answer["Cache-Control"]


@pytest.mark.django_db
def test_a_silent_engine_is_told_and_keeps_nobody_out(client: Client) -> None:
    for part, age in (("relay", 5), ("seal", 50)):
        beat(f"engine:{part}", at=database_now() - timedelta(seconds=age))
    assert client.get("/readyz").json()["engine"] == "ok"
    beat("engine:sweep.sla", at=database_now() - timedelta(minutes=10, seconds=3))
    answer = client.get("/readyz")
    assert answer.status_code == 200
    assert answer.json()["engine"].startswith("sweep.sla was last alive 60")


@pytest.mark.django_db
def test_missing_migration_is_not_ready(client: Client) -> None:
    health._seen_migrated.clear()
    (newest,) = MigrationLoader(connection).graph.leaf_nodes("reports")
    MigrationRecorder(connection).record_unapplied(*newest)
    answer = client.get("/readyz")
    assert (answer.status_code, answer.json()["migrations"]) == (503, "not applied: run manage.py migrate")


def test_alive_without_asking_the_database(client: Client) -> None:
    answer = client.get("/healthz")
    assert (answer.status_code, answer.content) == (200, b"ok\n")


@pytest.mark.django_db
@pytest.mark.parametrize("path", ["/healthz", "/readyz"])
def test_answers_over_plain_http_and_to_reading_only(client: Client, path: str, settings: object) -> None:
    settings.SECURE_SSL_REDIRECT = True  # type: ignore[attr-defined]  # pytest-django's wrapper
    assert client.get(path).status_code == 200
    assert client.post(path).status_code == 405
