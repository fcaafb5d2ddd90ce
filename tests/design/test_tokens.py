"""The figures of UX G2 and 4.1, computed from the CSS that browsers get."""

import itertools

import pytest

from tests.design.colour import DEFICIENCIES, TOKENS, contrast, difference, lab, tokens

THEMES = tokens(TOKENS.read_text(encoding="utf-8"))
GROUNDS = ("bg", "surface", "sunk")
STATES = ("s-breach", "s-risk", "s-ok", "s-paused")
each_theme = pytest.mark.parametrize("theme", ["light", "dark"])


def test_contrast_of_known_pairs() -> None:
    assert contrast("#000000", "#ffffff") == pytest.approx(21)
    assert contrast("#777777", "#ffffff") == pytest.approx(4.48, abs=0.005)


def test_difference_of_published_pairs() -> None:
    """Pairs 1, 7 and 25 of the test data of Sharma, Wu and Dalal."""
    assert difference((50, 2.6772, -79.7751), (50, 0, -82.7485)) == pytest.approx(2.0425, abs=1e-4)
    assert difference((50, 0, 0), (50, -1, 2)) == pytest.approx(2.3669, abs=1e-4)
    assert difference((60.2574, -34.0099, 36.2677), (60.4626, -34.1751, 39.4387)) == pytest.approx(1.2644, abs=1e-4)


@each_theme
def test_every_colour_is_given_for_both_themes(theme: str) -> None:
    assert set(THEMES[theme]) == {
        "bg", "surface", "sunk", "line", "field", "text", "muted", "accent", "on-accent", "accent-bg", "focus",
        "s-breach", "on-breach", "s-risk", "s-ok", "s-paused",
    }  # fmt: skip


@each_theme
@pytest.mark.parametrize(
    ("name", "grounds", "least"),
    [
        ("text", (*GROUNDS, "accent-bg"), 7),
        ("muted", GROUNDS, 6),
        ("accent", ("bg", "surface"), 7),
        ("accent", ("sunk",), 4.5),
        ("on-accent", ("accent",), 7),
        ("on-breach", ("s-breach",), 7),
        ("s-breach", ("surface", "bg"), 4.5),
        ("s-risk", ("surface", "bg"), 4.5),
        ("s-ok", ("surface", "bg"), 4.5),
        ("s-paused", ("surface", "bg"), 4.5),
        ("field", ("surface", "bg"), 3),
        ("focus", (*GROUNDS, "accent-bg"), 3),
        ("surface", ("text",), 7),  # a selected priority, a toast, the bulk bar
    ],
)
def test_contrast(theme: str, name: str, grounds: tuple[str, ...], least: float) -> None:
    colours = THEMES[theme]
    assert min(contrast(colours[name], colours[ground]) for ground in grounds) >= least


@pytest.mark.parametrize(("theme", "least"), [("light", 16), ("dark", 21)])
def test_states_stay_apart_for_every_eye(theme: str, least: float) -> None:
    pairs = itertools.combinations(STATES, 2)
    eyes = (None, *DEFICIENCIES)
    apart = {
        (one, other, eye): difference(lab(THEMES[theme][one], eye), lab(THEMES[theme][other], eye))
        for (one, other), eye in itertools.product(pairs, eyes)
    }
    closest = min(apart, key=lambda key: apart[key])
    assert apart[closest] >= least, (closest, apart[closest])


def test_a_green_met_would_be_refused() -> None:
    """The first draft's pair, 8.2 apart with deutan vision: the measure sees what the rule is for."""
    assert difference(lab("#8c0f3f", "deutan"), lab("#0f6350", "deutan")) < 16
