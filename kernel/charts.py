"""Geometry of the small charts that the server draws as SVG: numbers in, coordinates out. Labels are the caller's."""

import math
from collections.abc import Sequence
from dataclasses import dataclass

WIDTH = 120
HEIGHT = 28
PAD = 2
CHART_WIDTH = 600
CHART_HEIGHT = 140
LABELS = 12


@dataclass(frozen=True, slots=True)
class Spark:
    """A line without axes. `points` suits an SVG polyline in a box of WIDTH × HEIGHT."""

    points: str
    first: float
    last: float
    lowest: float
    highest: float


def spark(values: Sequence[float]) -> Spark | None:
    """A sparkline over equal steps, or None for fewer than two values: one point is not a trend."""
    if len(values) < 2:
        return None
    low, high = min(values), max(values)
    span = (high - low) or 1
    step = (WIDTH - 2 * PAD) / (len(values) - 1)
    points = " ".join(
        f"{PAD + n * step:.1f},{HEIGHT - PAD - (value - low) / span * (HEIGHT - 2 * PAD):.1f}"
        for n, value in enumerate(values)
    )
    return Spark(points, values[0], values[-1], low, high)


@dataclass(frozen=True, slots=True)
class Bar:
    """One bar in a box of CHART_WIDTH × CHART_HEIGHT. `is_labelled`: whether there is room for its label below."""

    label: str
    value: float
    x: int
    y: int
    width: int
    height: int
    middle: int
    is_labelled: bool


@dataclass(frozen=True, slots=True)
class BarChart:
    """Bars from zero and, when there is a goal, the height of its line."""

    bars: tuple[Bar, ...]
    goal_y: int | None


def bar_chart(values: Sequence[tuple[str, float]], *, goal: float | None = None) -> BarChart:
    """Vertical bars from zero for (label, value). A negative value is drawn as nothing; the table shows its figure."""
    highest = max([value for _, value in values] + [goal or 0, 1])
    slot = CHART_WIDTH / max(len(values), 1)
    every = math.ceil(len(values) / LABELS)
    bars = []
    for n, (label, value) in enumerate(values):
        height = round(max(value, 0) / highest * CHART_HEIGHT)
        width = max(round(slot * 0.7), 1)
        x = round(n * slot + (slot - width) / 2)
        bars.append(Bar(label, value, x, CHART_HEIGHT - height, width, height, x + width // 2, n % every == 0))
    return BarChart(tuple(bars), None if goal is None else round(CHART_HEIGHT * (1 - goal / highest)))
