"""Lengths of time, typed and split."""

from contextlib import suppress
from datetime import timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kernel.durations import Parts, UnclearDuration, parse_minutes, split


@pytest.mark.parametrize(
    ("text", "minutes"),
    [
        ("4h", 240),
        ("30m", 30),
        ("2d", 960),
        ("1h30m", 90),
        (" 1 h 30 min ", 90),
        ("1d 2h 3m", 603),
        ("1.5h", 90),
        ("1,25 H", 75),
        ("0.5d", 240),
        ("1:05", 65),
        ("0m", 0),
        ("2 timmar 10 min.", 130),
        ("3 dagar", 1440),
        ("2小时30分钟", 150),
        ("1天", 480),
        ("0.1h", 6),
    ],
)
def test_what_people_type(text: str, minutes: int) -> None:
    assert parse_minutes(text, day_minutes=480) == minutes


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("", "Write a length of time, such as 4h or 30m."),
        ("  ", "Write a length of time, such as 4h or 30m."),
        ("90", "“90” has a number without a unit. Add h for hours or m for minutes."),
        ("1h 30", "“1h 30” has a number without a unit. Add h for hours or m for minutes."),
        ("4 weeks", "“weeks” is not a unit of time. Use h for hours, m for minutes, d for days."),
        ("soon", "“soon” is not a length of time. Write hours and minutes, such as 1h 30m."),
        ("-4h", "“-4h” is not a length of time. Write hours and minutes, such as 1h 30m."),
        ("1:75", "“1:75” is not a length of time. Write hours and minutes, such as 1h 30m."),
        ("30m 1h", "“30m 1h” names a unit twice or in the wrong order. Write days, hours, minutes."),
        ("1h 1h", "“1h 1h” names a unit twice or in the wrong order. Write days, hours, minutes."),
        ("0.01h", "“0.01h” is not a whole number of minutes."),
        ("99999999h", "“99999999h” is longer than ten years."),
        ("2d", "A working day has no fixed length here. Write hours instead of days."),
    ],
)
def test_what_is_not_a_length_is_refused_with_a_sentence(text: str, message: str) -> None:
    with pytest.raises(UnclearDuration) as refused:
        parse_minutes(text)
    assert str(refused.value) == message
    assert refused.value.message % refused.value.params == message


@pytest.mark.parametrize(
    ("length", "day_minutes", "parts"),
    [
        (timedelta(hours=26, minutes=5, seconds=59), None, Parts(0, 26, 5)),
        (timedelta(hours=26, minutes=5), 24 * 60, Parts(1, 2, 5)),
        (timedelta(hours=26, minutes=5), 8 * 60, Parts(3, 2, 5)),
        (timedelta(seconds=-59), None, Parts(0, 0, 0)),
        (timedelta(minutes=-75), None, Parts(0, -1, -15)),
    ],
)
def test_parts(length: timedelta, day_minutes: int | None, parts: Parts) -> None:
    assert split(length, day_minutes=day_minutes) == parts


@given(st.integers(0, 10 * 366 * 24 * 60), st.integers(61, 1440))
def test_parts_typed_back_are_the_same_length(minutes: int, day_minutes: int) -> None:
    days, hours, rest = split(timedelta(minutes=minutes), day_minutes=day_minutes)
    typed = " ".join(f"{n}{unit}" for n, unit in ((days, "d"), (hours, "h"), (rest, "m")))
    assert parse_minutes(typed, day_minutes=day_minutes) == minutes


@given(st.text(max_size=30))
def test_any_text_is_a_length_or_a_refusal(text: str) -> None:
    with suppress(UnclearDuration):
        assert parse_minutes(text, day_minutes=480) >= 0
