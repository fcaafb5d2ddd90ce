"""Chromium against the small site of tests/design/site.py."""

import json
import subprocess
import sys
import urllib.parse
import urllib.request
from collections.abc import Iterator
from typing import Any

import pytest
from playwright.sync_api import Browser, Page

from tests.chromium import Ears


class Site:
    """The small site: its address, its state, what it received."""

    def __init__(self, port: int) -> None:
        self.url = f"http://127.0.0.1:{port}"

    def _get(self, path: str) -> bytes:
        with urllib.request.urlopen(self.url + path, timeout=10) as answer:
            return bytes(answer.read())

    def set(self, **state: str) -> None:
        """Change its state; what it received is forgotten."""
        self._get("/control/?" + urllib.parse.urlencode(state))

    def received(self, path: str) -> list[dict[str, str]]:
        """What came in at one of its addresses since the last `set`."""
        return [each for each in json.loads(self._get("/log/"))["log"] if each["path"] == path]

    def drafts(self) -> dict[str, str]:
        """The drafts it keeps."""
        drafts: dict[str, str] = json.loads(self._get("/log/"))["drafts"]
        return drafts


@pytest.fixture(scope="session")
def running_site() -> Iterator[Site]:
    """The site in its own process."""
    command = [sys.executable, "-m", "tests.design.site"]
    with subprocess.Popen(command, stdout=subprocess.PIPE, text=True) as process:
        assert process.stdout is not None
        yield Site(json.loads(process.stdout.readline())["port"])
        process.terminate()


@pytest.fixture
def site(running_site: Site) -> Site:
    """The site in its first state."""
    running_site.set(signed_in="1", fail="", version="1", order="1,2,3,4", keys="on", keymap="", drafts="")
    return running_site


@pytest.fixture
def page(chromium: Browser, site: Site) -> Iterator[Page]:
    """A page whose clock the test moves, and whose console must stay empty but for refused requests."""
    context = chromium.new_context(base_url=site.url, viewport={"width": 1366, "height": 768})
    ears, page = Ears(context), context.new_page()
    page.clock.install()
    page.mouse.move(683, 760)
    yield page
    context.close()
    assert ears.faults() == []


@pytest.fixture
def viewport(chromium: Browser, site: Site) -> Iterator[Any]:
    """Make pages of a given size and kind: viewport(360, scripts=False)."""
    contexts = []

    def make(width: int, *, scripts: bool = True, height: int = 768) -> Page:
        phone = width < 500
        context = chromium.new_context(
            base_url=site.url, viewport={"width": width, "height": height}, has_touch=phone, is_mobile=phone,
            java_script_enabled=scripts,
        )  # fmt: skip
        contexts.append(context)
        return context.new_page()

    yield make
    for context in contexts:
        context.close()
