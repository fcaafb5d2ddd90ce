"""People in front of a running Spindel."""

import os
from collections.abc import Callable, Iterator
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import Any

import pytest
from playwright.sync_api import Browser, BrowserContext, Page, Response, expect
from pytest_django import DjangoDbBlocker

from itsm.testing import prepare_template
from tests.browser import arrange
from tests.browser.stage import Stage, stage
from tests.chromium import Ears

WORKER = os.environ.get("PYTEST_XDIST_WORKER", "gw0")
Facts = dict[str, Any]
expect.set_options(timeout=20_000)


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Everything here drives Chromium."""
    for item in items:
        if Path(__file__).parent in item.path.parents:
            item.add_marker(pytest.mark.e2e)


@pytest.fixture(scope="session")
def spindel(
    chromium: Browser, django_db_blocker: DjangoDbBlocker, tmp_path_factory: pytest.TempPathFactory
) -> Iterator[Stage]:
    """A running Spindel with the small demo; without Chromium it is not started."""
    with ThreadPoolExecutor(1) as aside, django_db_blocker.unblock():  # Playwright's loop runs in this thread
        aside.submit(prepare_template).result()
    with stage(WORKER, tmp_path_factory.mktemp("spindel")) as running:
        yield running


class Person:
    """Somebody in front of a browser: who it is, and pages of theirs that share one sign-in."""

    def __init__(self, facts: Facts, context: BrowserContext) -> None:
        self.id, self.name, self.email = facts["id"], facts["name"], facts["email"]
        self.context = context
        self.ears = Ears(context)
        self.broken: list[str] = []
        context.on("response", self._hear)

    def _hear(self, answer: Response) -> None:
        if answer.status >= 500:
            self.broken.append(answer.url)

    def opens(self, address: str) -> Page:
        """A new tab at that address."""
        page = self.context.new_page()
        page.goto(address)
        return page


Sits = Callable[..., Person]


@pytest.fixture
def somebody(spindel: Stage, chromium: Browser) -> Iterator[Sits]:
    """Seat a new person with a role at a browser: somebody("agent", team="…", width=360, scripts=False).

    At the end nobody's console may have said anything, and no answer may have been a fault of the server.
    """
    seated: list[Person] = []

    def seat(
        role: str, *, team: str = "", width: int = 1366, scripts: bool = True, facts: Facts | None = None,
        is_signed_in: bool = True,
    ) -> Person:  # fmt: skip
        facts = facts or spindel.arrange(arrange.staff, role=role, team=team)
        context = chromium.new_context(
            base_url=spindel.url, viewport={"width": width, "height": 768}, has_touch=width < 500,
            is_mobile=width < 500, java_script_enabled=scripts,
        )  # fmt: skip
        if is_signed_in:
            sign_in(context, spindel, facts)
        seated.append(Person(facts, context))
        return seated[-1]

    yield seat
    for person in seated:
        person.context.close()
    assert [fault for person in seated for fault in person.ears.faults()] == []
    assert [url for person in seated for url in person.broken] == []


def sign_in(context: BrowserContext, spindel: Stage, facts: Facts) -> None:
    """Give the browser the cookie of a session."""
    context.add_cookies([{"name": "sessionid", "value": facts["session"], "url": spindel.url}])


def until(question: Callable[[], Any], page: Page, *, wanted: Any = True) -> None:
    """Ask behind the stage until the answer is the wanted one, letting the browser go on meanwhile."""
    for _attempt in range(200):
        if question() == wanted:
            return
        page.wait_for_timeout(100)
    assert question() == wanted
