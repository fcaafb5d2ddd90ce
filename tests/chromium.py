"""Debian's Chromium for every test that needs a browser, and what it is asked about a page."""

from collections.abc import Iterator
from pathlib import Path

import pytest
from axe_playwright_python.sync_playwright import Axe
from playwright.sync_api import Browser, BrowserContext, Page, sync_playwright

CHROMIUM = Path("/usr/bin/chromium")
FLAGS = [
    "--no-sandbox", "--disable-gpu", "--disable-quic", "--no-first-run", "--disable-background-networking",
    "--disable-component-update", "--disable-sync",
]  # fmt: skip
EXPECTED = (
    "Failed to load resource",
    "Response Status Error Code",
    "htmx:",
    "[DOM]",
    "The specified value",
    "Clear-Site-Data",
)
"""What the console says of a refused request, of two forms with a password, of a word in a field for a number, and of
signing out.

Everything else is a fault.
"""

# A checkbox or radio counts with its label: both are pressed. A link inside a sentence is as high as its line.
SMALL = """least => [...document.querySelectorAll('a, button, input, select, summary, textarea')]
  .filter(each => each.checkVisibility() && !each.matches('.vh, [type=hidden]'))
  .map(each => [each, each.matches('[type=checkbox], [type=radio]') && each.closest('label') || each])
  .map(([each, pressed]) => [each, pressed.getBoundingClientRect()])
  .filter(([each, box]) => box.width > 0 && Math.min(box.width, box.height) < least - 0.5)
  .map(([each, box]) => `${each.outerHTML.slice(0, 90)} ${box.width}x${box.height}`)"""
WIDE = """() => [...document.querySelectorAll('body *')]
  .filter(each => each.checkVisibility() && !each.closest('thead, .vh, svg'))
  .filter(each => each.getBoundingClientRect().right > 360.5)
  .map(each => each.outerHTML.slice(0, 90))"""

# Doubles every text, as a language with long words would.
LENGTHEN = """() => {
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  const isWords = node => node.data.trim() && !node.parentElement.closest('[translate=no]');
  for (let node; (node = walker.nextNode());) if (isWords(node)) node.data = node.data.replace(/\\S+/g, '$&$&');
}"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Browser]:
    """Debian's Chromium, one for each worker."""
    if not CHROMIUM.exists():
        pytest.skip("no Chromium here: apt-get install chromium")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=str(CHROMIUM), args=FLAGS)
        yield browser
        browser.close()


def faults(page: Page) -> list[str]:
    """axe's violations, every rule on."""
    violations = Axe().run(page).response["violations"]
    return [f"{each['id']}: {node['html'][:120]}" for each in violations for node in each["nodes"]]


def overflow(page: Page) -> list[str]:
    """What sticks out of a page that is 360 px wide, and its width when that is another."""
    found: list[str] = page.evaluate(WIDE)
    width = page.evaluate("document.documentElement.scrollWidth")
    return found if width == 360 else [*found, f"the page is {width} px wide"]


def small_targets(page: Page, least: int) -> list[str]:
    """Controls that are narrower or lower than that many pixels."""
    found: list[str] = page.evaluate(SMALL, least)
    return found


def lengthen(page: Page) -> None:
    """Make every text twice as long."""
    page.evaluate(LENGTHEN)


class Ears:
    """What the console and failing scripts say in all pages of a context."""

    def __init__(self, context: BrowserContext) -> None:
        self.said: list[str] = []
        context.on("console", lambda message: self.said.append(message.text))
        context.on("weberror", lambda fault: self.said.append(str(fault.error)))

    def faults(self) -> list[str]:
        """Everything that is not expected; a policy that was broken is among it."""
        return [text for text in self.said if not any(each in text for each in EXPECTED)]
