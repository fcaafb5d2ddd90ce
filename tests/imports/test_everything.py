"""The whole export: every table and file, names beside ids, no secrets, nothing confidential to strangers, noted."""

import csv
import io
import zipfile
from pathlib import Path

import pytest
from django.core.management import CommandError, call_command
from django.test import Client

from accounts import commands as accounts
from accounts.queries import SYSTEM
from incidents.commands import IncidentOpening, open_incident
from itsm.export import LEFT_OUT, tables
from journal.models import Event
from journal.units import database_now
from records import commands as records
from records.models import Record
from tests.factories import make_team, make_user
from tests.imports.help import browser_of

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_files(settings: object, tmp_path: Path) -> None:
    """Files of this test alone."""
    settings.SPINDEL_DATA = tmp_path  # type: ignore[attr-defined]  # of pytest-django


@pytest.fixture
def plain() -> Record:
    """An incident with a caller, a file and words."""
    at = database_now()
    caller = make_user("requester", name="Anna", email="anna@region.example")
    opening = IncidentOpening(title="=Plain one", caller=caller, owner_team=make_team("net"))
    record = open_incident(opening, actor=SYSTEM, at=at).record
    kept = records.keep("log ../1.txt", [b"line one"])
    records.attach(record, [kept], is_public=True, actor=SYSTEM, at=at)
    return record


@pytest.fixture
def secret() -> Record:
    """A confidential incident with words and a file."""
    at = database_now()
    opening = IncidentOpening(title="Hushed leak", description="hushed", confidential_class="security")
    record = open_incident(opening, actor=SYSTEM, at=at).record
    records.comment(record, body="hushed words", is_public=False, actor=SYSTEM, at=at)
    records.attach(record, [records.keep("hushed.txt", [b"hushed bytes"])], is_public=False, actor=SYSTEM, at=at)
    return record


def zipped(client: Client) -> zipfile.ZipFile:
    """What the button gives."""
    answer = client.post("/data/everything/")
    assert answer.status_code == 200
    return zipfile.ZipFile(io.BytesIO(answer.getvalue()))


def rows(archive: zipfile.ZipFile, table: str) -> list[dict[str, str]]:
    """A table of the file."""
    return list(csv.DictReader(io.StringIO(archive.read(f"tables/{table}.csv").decode("utf-8-sig"))))


def test_every_table_and_file_is_in_it_with_names(plain: Record) -> None:
    archive = zipped(browser_of("administrator"))
    assert archive.testzip() is None
    names = archive.namelist()
    assert {name for name in names if name.startswith("tables/")} == {
        f"tables/{model._meta.db_table}.csv" for model in tables()
    }
    (record,) = rows(archive, "records_record")
    assert (record["number"], record["title"]) == (plain.number, "'=Plain one")
    assert (record["requester (name)"], record["owner_team (name)"]) == ("anna@region.example", "net")
    (file,) = (name for name in names if name.startswith("files/"))
    assert file.startswith(f"files/{plain.number}/")
    assert file.count("/") == 2
    assert archive.read(file) == b"line one"
    assert len(rows(archive, "records_recordevent")) >= 1
    assert len(rows(archive, "journal_event")) >= 2


def test_secrets_stay_out() -> None:
    browser = browser_of("administrator")
    user = make_user("integration", kind="integration")
    made = accounts.make_token(user, name="x", scopes=["alerts:write"], actor=SYSTEM, at=database_now())
    archive = zipped(browser)
    assert "password" not in rows(archive, "accounts_user")[0]
    assert "digest" not in rows(archive, "accounts_token")[0]
    assert made.token.digest.encode() not in b"".join(archive.read(name) for name in archive.namelist())
    assert not any("secret" in row for row in rows(archive, "notifications_webhook"))


def test_confidential_records_stay_with_those_who_may_open_them(plain: Record, secret: Record) -> None:
    archive = zipped(browser_of("auditor"))
    whole = b"".join(archive.read(name) for name in archive.namelist())
    assert plain.number.encode() in whole
    assert b"ushed" not in whole
    assert secret.number.encode() not in whole
    assert b"1 confidential records" in archive.read("README.txt")
    opened = zipped(browser_of("auditor", "security_officer"))
    assert {row["number"] for row in rows(opened, "records_record")} == {plain.number, secret.number}


def test_only_administrators_and_auditors_take_everything_and_it_is_noted() -> None:
    for role in ("administrator", "auditor"):
        zipped(browser_of(role))
    assert Event.objects.filter(code="accounts.list_exported", data__list="everything").count() == 2
    for role in ("manager", "coordinator", "agent", "technician", "requester", "integration"):
        assert browser_of(role).post("/data/everything/").status_code == 403
    assert browser_of("auditor").get("/data/everything/").status_code == 405


def test_the_operator_takes_all_of_it(plain: Record, secret: Record, tmp_path: Path) -> None:
    target = tmp_path / "all.zip"
    call_command("export", str(target))
    with zipfile.ZipFile(target) as archive:
        assert {row["number"] for row in rows(archive, "records_record")} == {plain.number, secret.number}
    with pytest.raises(CommandError, match="is there already"):
        call_command("export", str(target))


def test_what_is_left_out_exists() -> None:
    labels = {model._meta.label for model in tables()}
    assert not labels & set(LEFT_OUT)
    assert "records.Comment" in labels
