"""One app: everything that the desk does works at 360 px with a thumb (UX G4, 1.2)."""

import pytest
from playwright.sync_api import Page, expect

from tests.browser import arrange
from tests.browser.conftest import Sits
from tests.browser.stage import Stage
from tests.chromium import lengthen, overflow, small_targets


def fits(page: Page) -> None:
    """Nothing sticks out, and every control is large enough for a thumb."""
    assert overflow(page) == []
    assert small_targets(page, 44) == []


def test_a_technician_picks_writes_and_resolves_on_a_phone(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    made = spindel.arrange(arrange.incident, title="Battery room warm", team=crew)
    page = somebody("technician", team=crew, width=360).opens("/queue/")
    fits(page)
    page.get_by_role("button", name="Pick next").tap()
    expect(page.get_by_role("heading", level=1, name="Battery room warm")).to_be_visible()
    fits(page)
    page.get_by_role("radio", name="Internal note").check()
    page.get_by_label("Text", exact=True).fill("Fan replaced.")
    page.get_by_role("button", name="Save internal note").tap()
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Fan replaced.")
    page.get_by_role("link", name="Resolve").tap()
    page.get_by_label("Cause").select_option(index=1)
    page.get_by_label("What fixed it").fill("New fan.")
    fits(page)
    page.get_by_role("button", name="Resolve").tap()
    expect(page.get_by_text(f"{made['number']} is resolved.")).to_be_visible()
    assert spindel.arrange(arrange.incident_facts, number=made["number"])["state"] == "resolved"


def test_an_agent_logs_a_call_on_a_phone(somebody: Sits, spindel: Stage) -> None:
    caller = spindel.arrange(arrange.person, roles=["requester"])
    page = somebody("agent", width=360).opens("/queue/")
    page.get_by_role("navigation", name="Main, phone").get_by_role("link", name="New call").tap()
    expect(page.get_by_role("heading", name="New call")).to_be_visible()
    fits(page)
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially(caller["email"])
    expect(page.get_by_role("radio", name=caller["name"])).to_be_checked()
    page.get_by_label("About").fill("Gate will not open")
    fits(page)
    page.get_by_role("button", name="Log incident").tap()
    expect(page.get_by_role("heading", level=1, name="Gate will not open")).to_be_visible()
    fits(page)


def test_everything_is_reached_from_the_thumb_bar(somebody: Sits) -> None:
    page = somebody("coordinator", width=360).opens("/queue/")
    bar = page.get_by_role("navigation", name="Main, phone")
    for name, heading in (("Mine", "Mine"), ("Search", "Search"), ("Queue", "Queue")):
        bar.get_by_role("link", name=name).tap()
        expect(page.get_by_role("heading", level=1)).to_contain_text(heading)
    bar.get_by_text("More").tap()
    bar.get_by_role("link", name="Reports").tap()
    expect(page.get_by_role("heading", level=1)).to_be_visible()
    fits(page)


@pytest.mark.parametrize("address", ["/queue/", "/incidents/new/", "/mine/", "/incidents/", "/board/"])
def test_words_may_be_twice_as_long(somebody: Sits, address: str) -> None:
    page = somebody("agent", width=360).opens(address)
    lengthen(page)
    assert overflow(page) == []


def test_a_record_with_a_long_unbroken_title_fits(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Fehler" * 30)
    page = somebody("agent", width=360).opens(f"/incidents/{made['number']}/")
    fits(page)
