"""Lists, clocks and presence that move by themselves (UX 3.6, 3.18), in Chromium on the real components."""

import pytest
from playwright.sync_api import Page, expect

from tests.design.conftest import Site
from tests.design.doing import poll, titles, write

pytestmark = pytest.mark.e2e


def test_moving_and_selecting(page: Page, site: Site) -> None:
    page.goto("/queue/")
    for key in ("j", "x", "j", "j", "X"):
        page.keyboard.press(key)
    expect(page.locator("[data-selected]")).to_have_text("3 selected")
    page.keyboard.press("Escape")
    expect(page.locator(".bulk")).to_be_hidden()
    page.keyboard.press("k")
    with page.expect_navigation():
        page.keyboard.press("h")  # a verb on the focused row is the verb on a selection of one
    assert site.received("bulk") == [{"path": "bulk", "verb": "hold", "ids": "2"}]


def test_shift_click_and_select_all(page: Page) -> None:
    page.goto("/queue/")
    boxes = page.locator("tbody .pick input")
    boxes.nth(1).click()
    boxes.nth(3).click(modifiers=["Shift"])
    expect(page.locator("[data-selected]")).to_have_text("3 selected")
    page.locator("[data-pick-all]").click()
    expect(page.locator("[data-selected]")).to_have_text("4 selected")


def test_an_unused_list_follows_at_once(page: Page, site: Site) -> None:
    page.goto("/queue/")
    site.set(order="5,3,1,2", version="2")
    poll(page)
    expect(page.locator("#row-1")).to_contain_text("v2")
    assert titles(page) == ["New here", "Printer offline", "VPN drops", "Payroll export fails"]


def test_rows_never_move_under_the_pointer(page: Page, site: Site) -> None:
    page.goto("/queue/")
    page.locator("#row-2").hover()
    site.set(order="3,1,2,5", version="2")
    poll(page)
    bar = page.get_by_role("button", name="5 changes – press . to apply")
    expect(bar).to_be_visible()
    assert titles(page) == ["VPN drops", "Payroll export fails", "Printer offline", "核心交换机抖动"]
    expect(page.locator("#row-1")).to_contain_text("v2")  # cells of rows not in use change in place
    expect(page.locator("#row-2")).to_contain_text("v1")
    page.keyboard.press(".")
    expect(page.locator("#row-2")).to_contain_text("v2")
    expect(bar).to_be_hidden()
    assert titles(page) == ["Printer offline", "VPN drops", "Payroll export fails", "New here"]


def test_focus_and_selection_survive_a_poll(page: Page, site: Site) -> None:
    page.goto("/queue/")
    page.keyboard.press("j")
    page.keyboard.press("x")
    site.set(order="4,3,2,1", version="2")
    poll(page)
    expect(page.locator("[data-pending] button")).to_be_visible()
    expect(page.locator("#row-1 .pick input")).to_be_checked()
    page.keyboard.press(".")
    expect(page.locator("#row-1 [data-row]")).to_be_focused()
    expect(page.locator("#row-1 .pick input")).to_be_checked()
    assert titles(page)[3] == "VPN drops"


def test_waiting_changes_are_applied_once_the_list_is_left(page: Page, site: Site) -> None:
    page.goto("/queue/")
    page.locator("#row-2").hover()
    site.set(order="2,1,3,4")
    poll(page)
    expect(page.locator("[data-pending] button")).to_be_visible()
    page.mouse.move(683, 760)
    poll(page)
    expect(page.locator("[data-pending] button")).to_be_hidden()
    assert titles(page)[0] == "Payroll export fails"


def test_nothing_new_costs_a_304(page: Page, site: Site) -> None:
    page.goto("/queue/")
    poll(page)
    poll(page)
    assert [each["tag"] for each in site.received("rows")] == ["", '"1,2,3,4-1"']
    assert len(titles(page)) == 4


def test_a_poll_that_fails_three_times_says_so_in_words(page: Page, site: Site) -> None:
    page.goto("/queue/")
    site.set(fail="queue")
    for _ in range(3):
        expect(page.locator("[data-live-note]")).to_have_text("")
        poll(page)
    expect(page.locator("[data-live-note]")).to_contain_text("Not live since")
    site.set(fail="")
    poll(page)
    expect(page.locator("[data-live-note]")).to_have_text("")


def test_clocks_go_on_and_turn(page: Page) -> None:
    page.goto("/record/")
    faces = page.locator("#faces .sla")
    expect(faces.nth(0)).to_have_text("On track 1 h")
    expect(faces.nth(1)).to_have_text("Due soon 0 min")
    page.clock.run_for(120_000)
    expect(faces.nth(0)).to_have_text("Due soon 59 min")
    expect(faces.nth(1)).to_have_text("Overdue −1 min")
    expect(faces.nth(1)).to_have_attribute("data-state", "breach")
    expect(faces.nth(1).locator("use")).to_have_attribute("href", "/static/icons/sprite.svg#breach")
    expect(faces.nth(2)).to_have_text("On track 2 h 1 min")  # its calendar is closed


def test_presence_tells_both_ways(page: Page, site: Site) -> None:
    page.goto("/record/")
    expect(page.get_by_text("Johan Ahl is writing")).to_be_visible()
    write(page, "x")
    with page.expect_response("**/presence/"):
        page.clock.run_for(15000)
    told = [each["state"] for each in site.received("presence")]
    assert list(dict.fromkeys(told)) == ["viewing", "typing"]  # how often depends on how fast this machine is
    assert told == sorted(told, reverse=True)
