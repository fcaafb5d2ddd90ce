"""Core actions without scripts: sign in, log, search, comment, assign, pick, hold, resolve, report (UX G10)."""

import re

import pytest
from playwright.sync_api import expect

from tests.browser import arrange
from tests.browser.conftest import Sits
from tests.browser.stage import Stage


def test_signing_in_and_out(somebody: Sits, spindel: Stage) -> None:
    facts = spindel.arrange(arrange.staff, role="agent")
    page = somebody("agent", facts=facts, scripts=False, is_signed_in=False).opens("/queue/")
    page.get_by_label("E-mail").fill(facts["email"])
    page.get_by_label("Password").fill(arrange.PASSWORD)
    page.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Queue")).to_be_visible()
    page.locator("header details summary").last.click()
    page.get_by_role("button", name="Sign out").click()
    page.goto("/queue/")
    expect(page.get_by_label("Password")).to_be_visible()


def test_a_call_is_refused_corrected_and_logged(somebody: Sits, spindel: Stage) -> None:
    caller = spindel.arrange(arrange.person, roles=["requester"])
    page = somebody("agent", scripts=False).opens("/incidents/new/")
    page.get_by_label("What happened").fill("Nothing prints")
    page.get_by_role("button", name="Log incident").click()
    expect(page).to_have_title(re.compile("^Error: New call"))
    expect(page.get_by_label("What happened")).to_have_value("Nothing prints")
    page.get_by_role("searchbox", name="Search: Caller").fill(caller["email"])
    page.get_by_role("button", name="Search").first.click()
    expect(page.get_by_role("radio", name=caller["name"])).to_be_checked()
    page.get_by_label("About").fill("Printer dead without scripts")
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("heading", level=1, name="Printer dead without scripts")).to_be_visible()


def test_pick_comment_hold_and_resolve(somebody: Sits, spindel: Stage) -> None:
    crew, caller = spindel.arrange(arrange.team), spindel.arrange(arrange.person, roles=["requester"])
    made = spindel.arrange(arrange.incident, title="Pump stops", team=crew, caller=caller["id"])
    page = somebody("technician", team=crew, scripts=False).opens("/queue/")
    page.get_by_role("button", name="Pick next").click()
    expect(page.get_by_role("heading", level=1, name="Pump stops")).to_be_visible()
    page.get_by_role("radio", name=f"Reply to {caller['name']}").check()
    page.get_by_label("Text", exact=True).fill("On our way.")
    page.get_by_role("button", name=f"Send to {caller['name']}").click()
    expect(page.get_by_role("region", name="Time line")).to_contain_text("On our way.")
    page.get_by_role("link", name="Hold").click()
    page.get_by_role("group", name="Waiting for").get_by_role("radio").first.check()
    page.get_by_role("button", name="Hold").click()
    page.get_by_role("button", name="Resume").click()
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("Cause").select_option(index=1)
    page.get_by_label("What fixed it").fill("New pump.")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_text(f"{made['number']} is resolved.")).to_be_visible()
    assert spindel.arrange(arrange.incident_facts, number=made["number"])["state"] == "resolved"
    assert spindel.arrange(arrange.comments_of, number=made["number"])[0] == ["On our way.", True]


def test_work_is_assigned_from_the_list(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    made = spindel.arrange(arrange.incident, title="Valve sticks", team=crew)
    worker = spindel.arrange(arrange.staff, role="technician", team=crew)
    page = somebody("coordinator", scripts=False).opens("/queue/?q=Valve+sticks")
    page.get_by_role("checkbox", name=f"{made['number']}: select").check()
    page.get_by_role("button", name="Assign").click()
    page.get_by_role("radio", name=worker["name"]).or_(page.get_by_label("To")).first.check()
    page.get_by_role("button", name="Assign").last.click()
    expect(page.get_by_text(re.compile("1 done|is assigned")).first).to_be_visible()


def test_a_record_is_found_and_followed_by_its_requester(somebody: Sits, spindel: Stage) -> None:
    page = somebody("requester", scripts=False).opens("/my/report/")
    page.get_by_label("What is wrong?").fill("My screen is black")
    page.get_by_role("button", name="Send the report").click()
    expect(page.get_by_role("heading", level=1, name="My screen is black")).to_be_visible()
    page.get_by_label("Write to us about it").fill("It hums, too.")
    page.get_by_role("button", name="Send", exact=True).click()
    expect(page.get_by_role("main")).to_contain_text("It hums, too.")
    [number] = spindel.arrange(arrange.incidents_called, title="My screen is black")
    found = somebody("agent", scripts=False).opens("/queue/")
    found.get_by_role("searchbox", name="Search or command").fill(number)
    found.get_by_role("searchbox", name="Search or command").press("Enter")
    expect(found.get_by_role("heading", level=1, name="My screen is black")).to_be_visible()


@pytest.mark.parametrize("address", ["/incidents/", "/components/"])
def test_lists_are_filtered_and_sorted(somebody: Sits, address: str) -> None:
    page = somebody("coordinator", scripts=False).opens(address)
    page.get_by_role("columnheader").get_by_role("link").first.click()
    expect(page.get_by_role("columnheader").first).to_be_visible()
    assert "sort=" in page.url
