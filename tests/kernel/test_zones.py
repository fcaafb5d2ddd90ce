"""Zone rules are an input with a version: the packaged ones, whatever the machine has (RELIABILITY 2.2)."""

import os
import shutil
import subprocess
import sys
import zoneinfo
from datetime import UTC, date, datetime, timedelta
from importlib.resources import files
from pathlib import Path

import pytest

from kernel.zones import UnknownZone, month_of, month_spans, to_datetime, to_instant, tzdata_version, zone

ANSWER = """
from datetime import UTC, datetime, timedelta
from kernel.calendars import WorkingCalendar
from kernel.zones import tzdata_version
calendar = WorkingCalendar("Europe/Stockholm", ((0, 480, 1020),))
print(tzdata_version(), calendar.add(datetime(2026, 11, 21, tzinfo=UTC), timedelta(hours=1)))
"""


def answer(**environment: str) -> str:
    """What a fresh process says under these variables."""
    done = subprocess.run(
        [sys.executable, "-c", ANSWER], env={**os.environ, **environment}, capture_output=True, check=True, text=True
    )
    return done.stdout.strip()


def packaged(name: str) -> Path:
    """The compiled rules of a zone in the wheel."""
    return Path(str(files("tzdata").joinpath("zoneinfo", *name.split("/"))))


def test_the_version_is_that_of_the_lock_file() -> None:
    locked = Path(__file__).parents[2].joinpath("requirements.txt").read_text()
    assert f"tzdata=={tzdata_version()} " in locked


def test_the_machines_zone_files_are_not_read(tmp_path: Path) -> None:
    wrong = tmp_path / "Europe" / "Stockholm"
    wrong.parent.mkdir()
    shutil.copy(packaged("Asia/Tokyo"), wrong)
    assert answer(PYTHONTZPATH=str(tmp_path)) == f"{tzdata_version()} 2026-11-23 08:00:00+00:00"


def test_other_rules_give_another_answer_and_another_version(tmp_path: Path) -> None:
    shutil.copytree(packaged("UTC").parent, tmp_path / "tzdata" / "zoneinfo")
    shutil.copy(packaged("UTC").parent.parent / "zones", tmp_path / "tzdata" / "zones")
    (tmp_path / "tzdata" / "__init__.py").touch()
    shutil.copy(packaged("Asia/Tokyo"), tmp_path / "tzdata" / "zoneinfo" / "Europe" / "Stockholm")
    (tmp_path / "tzdata-2099.1.dist-info").mkdir()
    (tmp_path / "tzdata-2099.1.dist-info" / "METADATA").write_text(
        "Metadata-Version: 2.1\nName: tzdata\nVersion: 2099.1\n"
    )
    assert answer(PYTHONPATH=os.pathsep.join([str(tmp_path), "."])) == "2099.1 2026-11-23 00:00:00+00:00"


def test_the_settings_pin_pages_to_the_same_rules() -> None:
    assert zoneinfo.TZPATH == ()
    assert zoneinfo.ZoneInfo("Europe/Stockholm").utcoffset(datetime(2026, 7, 1, tzinfo=UTC)) == timedelta(hours=2)


@pytest.mark.parametrize(
    "name", ["", "Stockholm", "europe/stockholm", "../../../etc/passwd", "/etc/localtime", "Europe"]
)
def test_an_unknown_zone_is_named_in_the_refusal(name: str) -> None:
    with pytest.raises(UnknownZone, match="is not a time zone of tzdata") as refused:
        zone(name)
    assert refused.value.name == name


def test_a_month_is_cut_to_the_second_where_the_offset_changes() -> None:
    march = month_of(to_instant(datetime(2026, 3, 1, tzinfo=UTC)))
    turn = to_instant(datetime(2026, 3, 29, 1, tzinfo=UTC))
    assert [(span.start, span.offset // 3_600_000_000) for span in month_spans("Europe/Stockholm", march)] == [
        (to_instant(datetime(2026, 3, 1, tzinfo=UTC)), 1),
        (turn, 2),
    ]
    local_mean_time = month_of(to_instant(datetime(1911, 3, 1, tzinfo=UTC)))
    assert [to_datetime(span.start) for span in month_spans("Europe/Paris", local_mean_time)][1:] == [
        datetime(1911, 3, 10, 23, 50, 39, tzinfo=UTC)
    ]


def test_a_change_in_the_last_hours_of_a_month_belongs_to_that_month() -> None:
    month = month_of(to_instant(datetime(1985, 12, 1, tzinfo=UTC)))  # Kathmandu changed at 18:30 UTC on the 31st
    assert [to_datetime(span.start) for span in month_spans("Asia/Kathmandu", month)] == [
        datetime(1985, 12, 1, tzinfo=UTC),
        datetime(1985, 12, 31, 18, 30, tzinfo=UTC),
    ]
    assert len(month_spans("Asia/Kathmandu", month + 1)) == 1
    august = month_of(to_instant(datetime(1919, 8, 1, tzinfo=UTC)))
    assert [to_datetime(span.start) for span in month_spans("Africa/Lagos", august)][1:] == [
        datetime(1919, 8, 31, 23, 30, tzinfo=UTC)
    ]


def test_instants_outside_the_supported_years_are_refused() -> None:
    for at in (datetime(1899, 12, 31, tzinfo=UTC), datetime(3000, 1, 1, tzinfo=UTC)):
        with pytest.raises(ValueError, match="outside the years 1900 to 2999"):
            to_instant(at)
    assert to_datetime(to_instant(datetime(2999, 12, 31, tzinfo=UTC))).date() == date(2999, 12, 31)
