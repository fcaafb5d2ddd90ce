"""What the scripts promise (UX 3.2, 3.3, 3.6, 3.18, G9), in Chromium on the real components."""

import pytest
from playwright.sync_api import Page, expect

from tests.design.conftest import Site

pytestmark = pytest.mark.e2e
TITLES = "#rows [data-row]"
COMPOSING = {"key": "n", "isComposing": True, "bubbles": True}


def titles(page: Page) -> list[str]:
    """The list as displayed."""
    return page.locator(TITLES).all_text_contents()


def poll(page: Page) -> None:
    """Let five seconds pass and the answer arrive."""
    with page.expect_response("**/queue/"):
        page.clock.run_for(5000)


def write(page: Page, text: str, audience: str = "public") -> None:
    """Choose who reads and type."""
    page.locator(f".composer [value={audience}]").check()
    page.locator("#composer-text").press_sequentially(text)


# ---------------------------------------------------------------- keys


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


# ---------------------------------------------------------------- lists


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


# ---------------------------------------------------------------- clocks


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


# ---------------------------------------------------------------- nothing typed is lost


def test_a_refused_text_stays_and_the_summary_has_focus(page: Page) -> None:
    page.goto("/record/")
    write(page, "---")
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-problem]")).to_be_focused()
    expect(page.locator("#composer-text")).to_have_value("---")
    expect(page.locator(".composer [value=public]")).to_be_checked()


def test_a_refusal_stands_before_the_form_and_the_text_stays(page: Page, site: Site) -> None:
    page.goto("/record/")
    site.set(fail="rule")
    write(page, "Too late", "internal")
    for _ in range(2):
        page.keyboard.press("Control+Enter")
        expect(page.locator("[data-problem]")).to_be_focused()
        expect(page.locator("[data-problem]")).to_have_text("INC-1 is closed. Reopen it first.")
        expect(page.locator("#composer-text")).to_have_value("Too late")
        page.locator("#composer-text").focus()
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("Too late")


def test_after_a_reply_nobody_is_chosen(page: Page, site: Site) -> None:
    page.goto("/record/")
    expect(page.locator(".composer button")).to_have_count(2)
    for button in page.locator(".composer button").all():
        expect(button).to_be_hidden()
    write(page, "On our way")
    expect(page.get_by_role("button", name="Send to Anna Berg")).to_be_visible()
    expect(page.get_by_role("button", name="Save internal note")).to_be_hidden()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(page.locator("#composer-text")).to_have_value("")
    expect(page.locator(".composer :checked")).to_have_count(0)
    assert site.received("record") == [{"path": "record", "text": "On our way", "audience": "public"}]
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("")


def test_a_draft_goes_to_the_server_after_a_rest(page: Page, site: Site) -> None:
    page.goto("/record/")
    write(page, "Half a sent")
    assert site.drafts() == {}
    with page.expect_response("**/drafts/inc.1/"):
        page.clock.run_for(800)
    assert site.drafts() == {"inc.1": "Half a sent"}
    expect(page.locator("[data-draft-note]")).to_contain_text("Draft saved")


def test_typed_text_survives_a_reload_without_a_server(page: Page, site: Site) -> None:
    page.goto("/record/")
    site.set(fail="drafts")
    write(page, "Only in this tab")
    with page.expect_response("**/drafts/inc.1/"):
        page.clock.run_for(800)
    expect(page.locator("[data-draft-note]")).to_have_text("Not saved yet – kept on this computer, trying again in 5 s")
    page.reload()
    expect(page.locator("#composer-text")).to_have_value("Only in this tab")
    expect(page.locator("[data-draft-note]")).to_contain_text("Restored what you had typed")
    site.set(fail="")
    with page.expect_response("**/drafts/inc.1/"):
        page.clock.run_for(6000)
    assert site.drafts() == {"inc.1": "Only in this tab"}


def test_a_sent_form_is_not_restored(page: Page, site: Site) -> None:
    page.goto("/i/new/")
    page.get_by_label("About").fill("VPN")
    page.get_by_label("Details").press_sequentially("Every ten minutes")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Logged.")).to_be_visible()
    page.goto("/i/new/")
    expect(page.get_by_label("Details")).to_have_value("")
    assert site.received("call")[0]["details"] == "Every ten minutes"


def test_signed_out_while_writing(page: Page, site: Site) -> None:
    page.goto("/record/")
    write(page, "Kept over the sign-in", "internal")
    site.set(signed_in="0")
    page.keyboard.press("Control+Enter")
    dialog = page.locator("#relogin")
    expect(dialog).to_contain_text("What you typed is still here")
    expect(page.locator("#composer-text")).to_have_value("Kept over the sign-in")
    dialog.get_by_label("Password").fill("secret")
    dialog.get_by_role("button", name="Sign in").click()
    dialog.get_by_label("Code").fill("123456")
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_text("Sent.")).to_be_visible()
    expect(dialog).to_be_hidden()
    assert site.received("record") == [{"path": "record", "text": "Kept over the sign-in", "audience": "internal"}]


def test_a_stale_form_token_is_renewed_in_silence(page: Page, site: Site) -> None:
    page.goto("/record/")
    write(page, "With a new token")
    page.context.clear_cookies()
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text("Sent.")).to_be_visible()
    assert [each["text"] for each in site.received("record")] == ["With a new token"]


@pytest.mark.parametrize("cause", ["server", "network"])
def test_a_failing_server_is_tried_again(page: Page, site: Site, cause: str) -> None:
    page.goto("/record/")
    write(page, "Sent later")
    if cause == "server":
        site.set(fail="once")
    else:
        page.route("**/record/", lambda route: route.abort(), times=1)
    page.keyboard.press("Control+Enter")
    expect(page.locator("[data-draft-note]")).to_have_text("Not saved yet – kept on this computer, trying again in 5 s")
    expect(page.locator("#composer-text")).to_have_value("Sent later")
    page.clock.run_for(5000)
    expect(page.get_by_text("Sent.")).to_be_visible()
    assert [each["text"] for each in site.received("record")] == ["Sent later"]


def test_a_file_too_large_is_told_before_the_upload(page: Page) -> None:
    page.goto("/record/")
    page.locator("#composer-files").evaluate("input => { input.dataset.maxBytes = 1048576; }")
    page.locator("#composer-files").set_input_files(
        {"name": "a.bin", "mimeType": "text/plain", "buffer": b"x" * 1048577}
    )
    message = page.locator("#composer-files").evaluate("input => input.validationMessage")
    assert message == "The file is larger than the limit of 1 MB. Choose a smaller file."


def test_toasts_leave_after_ten_seconds(page: Page) -> None:
    page.goto("/record/")
    write(page, "Hello")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("button", name="Undo")).to_be_visible()
    page.clock.run_for(9000)
    expect(page.get_by_text("Sent.")).to_be_visible()
    page.clock.run_for(1500)
    expect(page.get_by_text("Sent.")).to_be_hidden()


# ---------------------------------------------------------------- palette


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
