"""Times, durations, names and clocks in words; small charts in coordinates."""

from datetime import UTC, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
from django.template import Context, Template
from django.utils import timezone, translation

from kernel import charts, words
from kernel.clockface import ClockFace
from kernel.templatetags.spindel import localname, nav_url

NOW = datetime(2026, 11, 23, 9, 0, tzinfo=UTC)
STOCKHOLM = ZoneInfo("Europe/Stockholm")


def draw(source: str, **values: object) -> str:
    """A template with our tags."""
    return Template("{% load spindel %}" + source).render(Context(values))


@pytest.mark.parametrize(
    ("minutes", "long", "short"),
    [
        (0, "0 minutes", "0 min"),
        (1, "1 minute", "1 min"),
        (25, "25 minutes", "25 min"),
        (60, "1 hour", "1 h"),
        (80, "1 hour 20 minutes", "1 h 20 min"),
        (121, "2 hours 1 minute", "2 h 1 min"),
        (2170, "36 hours 10 minutes", "36 h"),
        (-16, "16 minutes", "−16 min"),
    ],
)
def test_durations(minutes: int, long: str, short: str) -> None:
    assert words.duration_words(minutes) == long
    assert words.duration_short(minutes) == short


@pytest.mark.parametrize(
    ("away", "said"),
    [
        (timedelta(seconds=-59), "now"),
        (timedelta(minutes=-5), "5 min ago"),
        (timedelta(minutes=59, seconds=59), "in 59 min"),
        (timedelta(hours=-2), "2 h ago"),
        (timedelta(hours=47), "in 47 h"),
        (timedelta(days=2), "in 2 days"),
    ],
)
def test_how_far_away(away: timedelta, said: str) -> None:
    assert words.relative(NOW + away, NOW) == said


def test_absolute_times_in_the_readers_zone() -> None:
    local = NOW.astimezone(STOCKHOLM)
    assert words.absolute(local, local) == "10:00"
    assert words.absolute(local - timedelta(days=1), local) == "22 Nov 10:00"
    assert words.absolute(local - timedelta(days=400), local) == "19 Oct 2025 10:00"
    assert words.exact(local) == "2026-11-23 10:00 CET (week 48)"


def test_a_time_on_a_page() -> None:
    with timezone.override(STOCKHOLM):
        html = draw("{% when moment %}", moment=NOW - timedelta(minutes=5), page_at=NOW)
    assert 'datetime="2026-11-23T09:55+01:00"' in html
    assert '<span class="only-print">2026-11-23 09:55 CET (week 48)</span>' in html
    assert '<span class="no-print">09:55 · 5 min ago</span>' in html
    assert draw("{% when moment %}", moment=None) == ""


@pytest.mark.parametrize(
    ("name", "letters"),
    [("Anna Berg", "AB"), ("Anna Maria Berg", "AB"), ("plato", "P"), ("李娜", "李"), ("Åsa Öst", "ÅÖ"), ("  ", "?")],
)
def test_initials(name: str, letters: str) -> None:
    assert words.initials(name) == letters


@pytest.mark.parametrize(
    ("language", "name", "shown"),
    [
        ("sv", {"en": "Printer", "sv": "Skrivare"}, "Skrivare"),
        ("zh-hans", {"en": "Printer", "zh-hans": "打印机"}, "打印机"),
        ("zh-hans", {"en": "Printer", "sv": "Skrivare"}, "Printer"),
        ("en", {"sv": "Skrivare", "en": ""}, "Skrivare"),
        ("en", "plain", "plain"),
        ("en", None, ""),
        ("en", {}, ""),
    ],
)
def test_names_in_three_languages(language: str, name: dict[str, str] | str | None, shown: str) -> None:
    with translation.override(language):
        assert localname(name) == shown


def test_a_page_that_is_not_there_has_no_address() -> None:
    assert nav_url("styleguide") == "/styleguide/"
    assert nav_url("nowhere:yet") == ""


@pytest.mark.parametrize(
    ("face", "word", "number"),
    [
        (ClockFace(state="breach", left=-990), "Overdue", "−16 min"),
        (ClockFace(state="risk", left=1500), "Due soon", "25 min"),
        (ClockFace(state="paused", left=9000), "Paused", "2 h 30 min"),
        (ClockFace(state="met", left=9000), "Met", None),
        (None, "No promise", None),
    ],
)
def test_a_clock_says_icon_word_and_number(face: ClockFace | None, word: str, number: str | None) -> None:
    html = draw("{% sla_clock face %}", face=face)
    assert f"<span data-word>{word}</span>" in html
    assert f"sprite.svg#{face.state if face else 'none'}" in html
    assert (f">{number}</span>" in html) if number else ("data-num" not in html)
    assert ("data-clock" in html) == (word in ("Overdue", "Due soon"))


def test_names_are_escaped() -> None:
    assert "&lt;b&gt;" in draw("{% person name %}", name="<b>")
    assert "&lt;b&gt;" in draw("{% badge name 'new' %}", name="<b>")
    assert "&quot;x" in draw("{% icon 'eye' label %}", label='"x')


def test_a_line_needs_two_values() -> None:
    assert charts.spark([5]) is None
    line = charts.spark([0, 10, 5])
    assert line is not None
    assert line.points == "2.0,26.0 60.0,2.0 118.0,14.0"
    flat = charts.spark([3, 3])
    assert flat is not None
    assert flat.points == "2.0,26.0 118.0,26.0"


def test_bars_stand_on_zero() -> None:
    chart = charts.bar_chart([("a", 10), ("b", 0), ("c", -5)], goal=20)
    assert [bar.height for bar in chart.bars] == [70, 0, 0]
    assert [bar.y for bar in chart.bars] == [70, 140, 140]
    assert chart.goal_y == 0
    assert charts.bar_chart([]).bars == ()


def test_bars_label_only_what_has_room() -> None:
    chart = charts.bar_chart([(str(n), n) for n in range(30)])
    assert sum(bar.is_labelled for bar in chart.bars) == 10
    assert '<th scope="row">29</th>' in draw("{% bars values 'Days' %}", values=[(str(n), n) for n in range(30)])
