"""Every page of the installation is sound for those who see it (UX G1, G4, G11, G12).

The pages come from the URL conf and the people from the table of permissions, so a new page is looked at by itself.
"""

from collections.abc import Iterator
from itertools import product

import pytest
from playwright.sync_api import Browser, BrowserContext, Page

from tests.authz.principals import ANONYMOUS
from tests.authz.routes import routes
from tests.browser import arrange
from tests.browser.conftest import sign_in
from tests.browser.pages import NOT_PAGES, PRINCIPALS, pages, seers
from tests.browser.stage import Stage
from tests.chromium import Ears, faults, overflow, small_targets

DRESS = "([theme, density]) => Object.assign(document.documentElement.dataset, { theme, density })"
LABELS = [route.label for route in pages()]
SEERS = {route.label: seers(route) for route in pages()}


class Eyes:
    """Look at pages as the demo's people do, in browsers that are kept, so that nothing is loaded twice."""

    def __init__(self, spindel: Stage, chromium: Browser) -> None:
        self.spindel, self.chromium = spindel, chromium
        self.addresses: dict[str, dict[str, str]] = spindel.arrange(arrange.addresses)
        self.contexts: dict[tuple[str, str, int, str], tuple[BrowserContext, Page, Ears]] = {}
        self.language = ""

    def speak(self, language: str) -> None:
        """Everybody reads this language from now on."""
        if language == self.language:
            return
        for principal in (each for each in PRINCIPALS if each != ANONYMOUS):
            person = self.spindel.arrange(arrange.demo_session, address=principal)
            self.spindel.arrange(arrange.change_profile, user=person["id"], language=language)
        self.language = language

    def page(self, principal: str, theme: str, width: int) -> tuple[Page, Ears]:
        """A tab of that person's browser with this look."""
        key = (principal, theme, width, self.language)
        if key not in self.contexts:
            context = self.chromium.new_context(
                base_url=self.spindel.url, viewport={"width": width, "height": 768}, color_scheme=theme,
                has_touch=width < 500, is_mobile=width < 500, accept_downloads=False, locale=self.language or "en",
            )  # fmt: skip
            if principal != ANONYMOUS:
                sign_in(context, self.spindel, self.spindel.arrange(arrange.demo_session, address=principal))
            self.contexts[key] = (context, context.new_page(), Ears(context))
        _context, page, ears = self.contexts[key]
        ears.said.clear()
        return page, ears

    def close(self) -> None:
        """Put the browsers away."""
        for context, _page, _ears in self.contexts.values():
            context.close()


@pytest.fixture(scope="module")
def eyes(spindel: Stage, chromium: Browser) -> Iterator[Eyes]:
    """For all pages of this module."""
    eyes = Eyes(spindel, chromium)
    yield eyes
    eyes.close()


def look(eyes: Eyes, label: str, principal: str, theme: str, width: int) -> str:
    """Everything that is wrong with a page, a line each."""
    page, ears = eyes.page(principal, theme, width)
    answer = page.goto(eyes.addresses[principal][label])
    assert answer is not None
    assert (answer.status, answer.headers["content-type"]) == (200, "text/html; charset=utf-8")
    assert page.locator("html[lang]").count() == 1, "a piece of a page: name it in NOT_PAGES"
    found = [*faults(page), *ears.faults()]
    if width == 360:
        found += [f"sticks out: {each}" for each in overflow(page)]
    found += [f"too small: {each}" for each in small_targets(page, 44 if width == 360 else 24)]
    return "\n".join(found)


@pytest.mark.parametrize("label", LABELS)
def test_page_is_sound_on_a_bright_desk(eyes: Eyes, label: str) -> None:
    assert look(eyes, label, SEERS[label][0], "light", 1366) == ""


@pytest.mark.parametrize("label", LABELS)
def test_page_is_sound_on_a_dark_phone(eyes: Eyes, label: str) -> None:
    assert look(eyes, label, SEERS[label][-1], "dark", 360) == ""


@pytest.mark.parametrize("name", sorted(NOT_PAGES))
def test_what_is_called_no_page_is_none(eyes: Eyes, name: str) -> None:
    """Exports, figures and pieces for scripts: nothing that a person opens hides among them."""
    address = eyes.spindel.arrange(arrange.address_of, name=name)
    route = next(each for each in routes() if each.name == name)
    principal = "coordinator" if "coordinator" in (who := seers(route)) else next(iter(who), "coordinator")
    page, _ears = eyes.page(principal, "light", 1366)
    answer = page.request.get(address)
    is_html = answer.headers["content-type"].startswith("text/html")
    assert not is_html or (answer.status == 200 and "<html" not in answer.text())


@pytest.mark.soak
@pytest.mark.timeout(1800)
@pytest.mark.parametrize("label", LABELS)
@pytest.mark.parametrize("width", [360, 1366])
@pytest.mark.parametrize("language", ["en", "sv", "zh-hans"])
def test_page_is_sound_in_every_look_for_everybody(eyes: Eyes, language: str, width: int, label: str) -> None:
    eyes.speak(language)
    found = {}
    for principal in SEERS[label]:
        found[principal, "as it comes"] = look(eyes, label, principal, "light", width)
        page, _ears = eyes.page(principal, "light", width)
        for theme, density in product(("light", "dark"), ("compact", "normal", "roomy")):
            page.evaluate(DRESS, [theme, density])
            found[principal, f"{theme} {density}"] = "\n".join(faults(page))
    assert {key: text for key, text in found.items() if text} == {}
