"""Ctrl+K and the keyboard alone: to a record, a person, a component, an action (UX 3.3, T5)."""

import pytest
from playwright.sync_api import Locator, Page, expect

from tests.browser import arrange
from tests.browser.conftest import Sits, until
from tests.browser.stage import Stage


def ask(page: Page, spindel: Stage, text: str) -> None:
    """Open the palette and type, once what follows commits has been done."""
    until(lambda: spindel.arrange(arrange.is_quiet), page)
    page.keyboard.press("Control+k")
    expect(page.get_by_role("combobox", name="Search or command")).to_be_focused()
    page.keyboard.type(text)


def hits(page: Page) -> Locator:
    """What the palette offers."""
    return page.get_by_role("listbox", name="Results").get_by_role("option")


def go_to(page: Page, name: str) -> None:
    """Move down to the hit of that name and press Enter."""
    hit = hits(page).filter(has_text=name).first
    expect(hit).to_be_visible()
    for _step in range(hits(page).count()):
        if hit.get_attribute("aria-selected") == "true":
            break
        page.keyboard.press("ArrowDown")
    expect(hit).to_have_attribute("aria-selected", "true")
    page.keyboard.press("Enter")


def test_a_record_is_found_by_a_part_of_its_title(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Dialysis monitor unreachable")
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, "dialysis monit")
    go_to(page, made["number"])
    expect(page.get_by_role("heading", level=1, name="Dialysis monitor unreachable")).to_be_visible()


def test_a_typing_error_is_forgiven(somebody: Sits, spindel: Stage) -> None:
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, "jurnalsystemet")
    go_to(page, "ournalsystemet")
    page.get_by_role("main").get_by_text("Journalsystemet svarar inte").first.wait_for()


def test_a_number_jumps_to_its_record(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Elevator phone silent")
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, made["number"].removeprefix("INC-"))
    first = hits(page).first
    expect(first).to_contain_text(made["number"])
    page.keyboard.press("Enter")
    expect(page.get_by_role("heading", level=1, name="Elevator phone silent")).to_be_visible()


def test_a_component_is_found(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.component, name="zephyr-gw")
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, "zephyr")
    go_to(page, made["name"])
    expect(page.get_by_role("heading", level=1, name=made["name"])).to_be_visible()


@pytest.mark.parametrize("role", ["administrator", "agent"])
def test_a_person_is_found(somebody: Sits, spindel: Stage, role: str) -> None:
    somebody_else = spindel.arrange(arrange.person, roles=["requester"], name=f"Quintus Wexler {role}")
    facts = spindel.arrange(arrange.demo_session, address=role)
    spindel.arrange(arrange.change_profile, user=facts["id"], language="en")
    page = somebody(role, facts=facts).opens("/profile/")
    ask(page, spindel, "@wexler")
    go_to(page, somebody_else["name"])
    expect(page.get_by_role("main")).to_contain_text(somebody_else["name"])


def test_an_action_of_this_page_is_done(somebody: Sits, spindel: Stage) -> None:
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, "new call")
    go_to(page, "New call")
    expect(page.get_by_role("heading", name="New call")).to_be_visible()


def test_nothing_found_says_so_and_escape_leaves(somebody: Sits, spindel: Stage) -> None:
    page = somebody("agent").opens("/queue/")
    ask(page, spindel, "xqzzwvk")
    expect(page.get_by_text("Nothing is called “xqzzwvk”.")).to_be_visible()
    page.keyboard.press("Escape")
    expect(page.get_by_role("combobox", name="Search or command")).to_be_hidden()
