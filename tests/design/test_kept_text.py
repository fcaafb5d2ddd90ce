"""Nothing typed is lost (UX G9), in Chromium on the real components."""

import pytest
from playwright.sync_api import Page, expect

from tests.design.conftest import Site
from tests.design.doing import write

pytestmark = pytest.mark.e2e


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
    expect(page.locator("#composer-text")).not_to_be_focused()  # keys mean the record again
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
