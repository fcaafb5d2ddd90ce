"""axe, target sizes, overflow and scripts off on the real shell and every component (UX G1, G4, G10, G12)."""

from collections.abc import Callable

import pytest
from playwright.sync_api import Page, expect

from tests.chromium import faults, lengthen, overflow, small_targets
from tests.design.conftest import Site

pytestmark = pytest.mark.e2e
MakePage = Callable[..., Page]

COVERED = """() => {
  const each = document.activeElement, box = each.getBoundingClientRect();
  if (each === document.body || each.closest('.top, .toasts, dialog') || each.matches('.vh, .skip')) return [];
  const top = document.querySelector('.top').getBoundingClientRect().bottom;
  return box.bottom <= top || box.top >= innerHeight ? [each.outerHTML.slice(0, 100)] : [];
}"""


@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("theme", ["light", "dark"])
@pytest.mark.parametrize("address", ["/styleguide/", "/queue/", "/record/", "/i/new/"])
def test_axe_finds_nothing(viewport: MakePage, address: str, theme: str, width: int) -> None:
    page = viewport(width)
    page.goto(f"{address}?theme={theme}")
    assert faults(page) == []


@pytest.mark.parametrize("density", ["compact", "roomy"])
def test_axe_finds_nothing_in_other_densities(viewport: MakePage, density: str) -> None:
    page = viewport(1366)
    page.goto(f"/styleguide/?theme=light&density={density}")
    assert faults(page) == []


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_axe_finds_nothing_in_dialogs(viewport: MakePage, site: Site, theme: str) -> None:
    page = viewport(1366)
    page.goto(f"/queue/?theme={theme}")
    page.keyboard.press("?")
    expect(page.locator("#keys")).to_be_visible()
    assert faults(page) == []
    page.keyboard.press("Escape")
    page.keyboard.press("Control+k")
    page.locator("#palette-input").press_sequentially("vpn")
    expect(page.get_by_role("option", name="INC-2400 vpn")).to_be_visible()
    assert faults(page) == []
    page.goto(f"/record/?theme={theme}")
    site.set(signed_in="0")
    page.get_by_label("Internal note").check()
    page.get_by_label("Text").fill("Kept")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_label("Password")).to_be_visible()
    assert faults(page) == []


def test_axe_sees_a_fault(viewport: MakePage) -> None:
    page = viewport(1366)
    page.goto("/record/")
    page.evaluate("document.querySelector('label[for=composer-text]').remove()")
    assert [each.split(":")[0] for each in faults(page)] == ["label"]


@pytest.mark.parametrize(("width", "least"), [(360, 44), (1366, 24)])
@pytest.mark.parametrize("address", ["/styleguide/?density=compact", "/queue/?density=compact", "/record/", "/i/new/"])
def test_targets_are_large_enough(viewport: MakePage, address: str, width: int, least: int) -> None:
    page = viewport(width)
    page.goto(address)
    assert small_targets(page, least) == []


@pytest.mark.parametrize("is_long", [False, True])
@pytest.mark.parametrize("address", ["/styleguide/", "/queue/", "/record/", "/i/new/"])
def test_no_sideways_scroll_at_360(viewport: MakePage, address: str, *, is_long: bool) -> None:
    page = viewport(360)
    page.goto(address)
    if is_long:
        lengthen(page)
    assert overflow(page) == []


def test_rows_have_the_height_of_their_density(viewport: MakePage) -> None:
    page = viewport(1366)
    heights = []
    for density in ("compact", "normal", "roomy"):
        page.goto(f"/queue/?density={density}")
        heights.append(page.locator("#row-1").bounding_box()["height"])  # type: ignore[index]  # the row is visible
    assert heights == pytest.approx([32, 40, 48], abs=1.1)


def test_sticky_bars_do_not_hide_the_focus(viewport: MakePage) -> None:
    """WCAG 2.4.11: Tab through the whole style guide at a low window."""
    page = viewport(1366, height=500)
    page.goto("/styleguide/")
    hidden = []
    for _ in range(150):
        page.keyboard.press("Tab")
        hidden += page.evaluate(COVERED)
    assert hidden == []


def test_without_scripts_a_call_is_refused_and_logged(viewport: MakePage, site: Site) -> None:
    page = viewport(360, scripts=False)
    page.goto("/i/new/")
    page.get_by_role("button", name="Log incident").click()
    expect(page).to_have_title("Error: New call · Spindel")
    expect(page.get_by_role("alert")).to_contain_text("About: Enter what it is about")
    page.get_by_label("About").fill("VPN drops")
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_text("Logged.")).to_be_visible()
    assert site.received("call")[0]["about"] == "VPN drops"


def test_without_scripts_a_reply_is_sent_and_rows_are_assigned(viewport: MakePage, site: Site) -> None:
    page = viewport(360, scripts=False)
    page.goto("/record/")
    page.get_by_label("Reply to Anna Berg").check()
    page.get_by_label("Text").fill("On our way")
    page.get_by_role("button", name="Send to Anna Berg").click()
    page.goto("/queue/")
    page.get_by_label("Select VPN drops").check()
    page.get_by_role("button", name="Assign").click()
    assert site.received("record")[0]["audience"] == "public"
    assert site.received("bulk") == [{"path": "bulk", "verb": "assign", "ids": "1"}]
