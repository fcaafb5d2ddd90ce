"""What a person does on the pages of the scripts' tests."""

from playwright.sync_api import Page

TITLES = "#rows [data-row]"


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
