"""What keys and the palette do (UX 3.2, 3.3), in Chromium on the real components."""

import pytest
from playwright.sync_api import Page, expect

from tests.design.conftest import Site
from tests.design.doing import TITLES

pytestmark = pytest.mark.e2e
COMPOSING = {"key": "n", "isComposing": True, "bubbles": True}


def test_new_call_from_any_area_and_keys_are_text_in_fields(page: Page) -> None:
    page.goto("/queue/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="New call")).to_be_visible()
    page.get_by_label("About").press_sequentially("wnu?")
    expect(page.get_by_label("About")).to_have_value("wnu?")
    expect(page.get_by_role("heading", name="New call")).to_be_visible()


def test_two_key_sequences(page: Page) -> None:
    page.goto("/record/")
    page.keyboard.press("g")
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.keyboard.press("q")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()


def test_keys_while_composing_are_ignored(page: Page) -> None:
    page.goto("/queue/")
    page.evaluate("init => document.body.dispatchEvent(new KeyboardEvent('keydown', init))", COMPOSING)
    page.keyboard.press("j")
    expect(page.locator(TITLES).first).to_be_focused()


def test_control_enter_sends_the_form(page: Page, site: Site) -> None:
    page.goto("/i/new/")
    page.get_by_label("About").press_sequentially("VPN drops")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Logged.")).to_be_visible()
    assert site.received("call") == [{"path": "call", "about": "VPN drops", "details": ""}]


@pytest.mark.parametrize("keys", ["off", "ctrl"])
def test_keys_can_be_switched_off(page: Page, site: Site, keys: str) -> None:
    site.set(keys=keys)
    page.goto("/queue/")
    page.keyboard.press("n")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    expect(page.locator(".btn-new kbd")).to_be_hidden()
    page.keyboard.press("Control+k")
    expect(page.locator("#palette")).to_be_visible(visible=keys == "ctrl")


def test_keys_can_be_changed(page: Page, site: Site) -> None:
    site.set(keymap='{"w": "t"}')
    page.goto("/queue/")
    expect(page.locator("[data-key=w] kbd")).to_have_text("t")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", name="Queue")).to_be_visible()
    page.keyboard.press("t")
    expect(page.get_by_role("heading", name="Record")).to_be_visible()


def test_question_mark_shows_the_keys_of_this_page(page: Page) -> None:
    page.goto("/queue/")
    page.keyboard.press("?")
    sheet = page.locator("#keys-list")
    expect(sheet).to_contain_text("Pick next")
    expect(sheet.locator("kbd", has_text="g q")).to_be_visible()
    assert "New calln" in sheet.inner_text().replace("\n", "")  # the name once, then its key
    page.keyboard.press("n")  # off while a dialog is open
    page.keyboard.press("Escape")
    expect(page.locator("#keys")).to_be_hidden()


def test_y_copies_number_title_and_link(page: Page, site: Site) -> None:
    page.context.grant_permissions(["clipboard-read", "clipboard-write"])
    page.goto("/record/")
    page.keyboard.press("y")
    expect(page.get_by_text("Copied")).to_be_visible()
    assert page.evaluate("navigator.clipboard.readText()") == f"INC-1 VPN drops {site.url}/record/"


def test_the_palette_finds_and_goes(page: Page) -> None:
    page.goto("/queue/")
    page.keyboard.press("Control+k")
    field = page.locator("#palette-input")
    expect(field).to_be_focused()
    field.press_sequentially("vpn")
    page.clock.run_for(200)
    expect(page.get_by_role("option", name="INC-2400 vpn")).to_have_attribute("aria-selected", "true")
    expect(page.locator("#palette-count")).to_have_text("2 results")
    page.keyboard.press("ArrowDown")
    expect(page.get_by_role("option", name="vpn-gw-02")).to_have_attribute("aria-selected", "true")
    page.keyboard.press("ArrowUp")
    page.keyboard.press("Enter")
    page.wait_for_url("**/record/?found=vpn")


def test_the_palette_does_what_this_page_can_do(page: Page) -> None:
    page.goto("/queue/")
    page.locator("#top-find").click()
    page.locator("#palette-input").press_sequentially("pick")
    page.clock.run_for(200)
    page.get_by_role("option", name="Pick next").click()
    expect(page.get_by_role("heading", name="Record")).to_be_visible()


def test_escape_leaves_the_palette(page: Page) -> None:
    page.goto("/queue/")
    page.keyboard.press("/")
    expect(page.locator("#top-find")).to_be_focused()
    page.keyboard.press("v")
    expect(page.locator("#palette-input")).to_have_value("v")
    page.keyboard.press("Escape")
    expect(page.locator("#palette")).to_be_hidden()
