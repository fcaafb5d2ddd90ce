"""The day's main job on the real pages: log a call, pick next, resolve, watch promises (UX 3.4 to 3.6, 3.15)."""

import re

import pytest
from playwright.sync_api import Page, expect

from tests.browser import arrange
from tests.browser.conftest import Sits, until
from tests.browser.stage import Stage


def begin_call(page: Page, caller: str, about: str) -> None:
    """Find the caller by what they say they are called; say what it is about."""
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially(caller)
    expect(page.get_by_role("group", name="Caller").get_by_role("radio")).to_be_checked()
    page.get_by_label("About").press_sequentially(about)


def test_a_call_is_logged_with_the_priority_that_the_page_explained(somebody: Sits, spindel: Stage) -> None:
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"], phone="4412 77")
    earlier = spindel.arrange(arrange.incident, title="Monitor flickers", caller=caller["id"])
    page = agent.opens("/queue/")
    page.keyboard.press("n")
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially("441277")
    expect(page.get_by_role("radio", name=caller["name"])).to_be_checked()
    known = page.get_by_role("complementary", name="What is known")
    expect(known.get_by_role("link", name=earlier["number"])).to_be_visible()
    page.get_by_label("About").fill("Payroll export stops")
    page.get_by_role("radio", name="a site").check()
    page.get_by_role("radio", name="stopped", exact=True).check()
    promise = page.locator("#call-promise")
    expect(promise).to_contain_text("P1")
    expect(promise).to_contain_text("because a site + stopped.")
    expect(promise).to_contain_text("We answer by")
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("heading", level=1, name="Payroll export stops")).to_be_visible()
    expect(page.get_by_role("status").get_by_text(re.compile(r"INC-\d+ logged\."))).to_be_visible()
    expect(page.get_by_role("main")).to_contain_text(caller["name"])
    [number] = spindel.arrange(arrange.incidents_called, title="Payroll export stops")
    assert spindel.arrange(arrange.incident_facts, number=number)["priority"] == 1


def test_another_priority_needs_a_reason(somebody: Sits, spindel: Stage) -> None:
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"])
    page = agent.opens("/incidents/new/")
    begin_call(page, caller["email"], "Badge reader dead")
    page.get_by_text("Category, channel, another priority").click()
    page.get_by_role("combobox", name="Priority").select_option("P1")
    page.get_by_role("button", name="Log incident").click()
    problem = page.get_by_role("alert")
    expect(problem).to_be_focused()
    expect(page.get_by_label("About")).to_have_value("Badge reader dead")
    page.get_by_label("Why another priority").fill("The ward is locked out.")
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("heading", level=1, name="Badge reader dead")).to_be_visible()
    [number] = spindel.arrange(arrange.incidents_called, title="Badge reader dead")
    assert spindel.arrange(arrange.incident_facts, number=number)["priority"] == 1


def test_duplicates_show_while_typing_and_the_caller_joins_one(somebody: Sits, spindel: Stage) -> None:
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"])
    known = spindel.arrange(arrange.incident, title="Pharmacy label printer jams constantly")
    page = agent.opens("/incidents/new/")
    begin_call(page, caller["email"], "label printer jams pharmacy")
    same = page.get_by_role("button", name=f"Add caller {known['number']}")
    expect(same).to_be_visible()
    expect(page.get_by_label("About")).to_be_focused()
    same.click()
    expect(page.get_by_role("heading", level=1, name="Pharmacy label printer jams constantly")).to_be_visible()
    assert spindel.arrange(arrange.incident_facts, number=known["number"])["callers"] == 1
    assert spindel.arrange(arrange.incidents_called, title="label printer jams pharmacy") == []


def test_a_call_solved_while_talking_is_logged_and_resolved(somebody: Sits, spindel: Stage) -> None:
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"])
    page = agent.opens("/incidents/new/")
    begin_call(page, caller["email"], "Forgot how to share a calendar")
    page.get_by_text("Solved while talking").click()
    page.get_by_label("Cause").select_option(index=1)
    page.get_by_label("What fixed it").fill("Showed where the button is.")
    page.get_by_role("button", name="Log and resolve").click()
    expect(page.get_by_text("logged and resolved.")).to_be_visible()
    [number] = spindel.arrange(arrange.incidents_called, title="Forgot how to share a calendar")
    facts = spindel.arrange(arrange.incident_facts, number=number)
    assert (facts["state"], facts["resolution"]) == ("resolved", "Showed where the button is.")


def test_a_call_takes_four_steps_and_no_mouse(somebody: Sits, spindel: Stage) -> None:
    """UX T1: a key, Tab, Ctrl+Enter, and the words."""
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"])
    page = agent.opens("/queue/")
    page.keyboard.press("n")
    expect(page.get_by_role("heading", name="New call")).to_be_visible()
    expect(page.get_by_role("searchbox", name="Search: Caller")).to_be_focused()
    page.keyboard.type(caller["email"])
    expect(page.get_by_role("radio", name=caller["name"])).to_be_checked()
    page.get_by_label("About").focus()
    page.keyboard.type("No sound in room 4")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("heading", level=1, name="No sound in room 4")).to_be_visible()


def test_pick_next_gives_the_most_urgent_work_and_it_is_resolved(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    caller = spindel.arrange(arrange.person, roles=["requester"])
    spindel.arrange(arrange.incident, title="Mouse squeaks", team=crew, impact=4, urgency=4)
    urgent = spindel.arrange(
        arrange.incident, title="Storage nearly full", team=crew, impact=1, urgency=1, caller=caller["id"]
    )
    page = somebody("technician", team=crew).opens("/queue/")
    page.keyboard.press("w")
    expect(page.get_by_role("heading", level=1, name="Storage nearly full")).to_be_visible()
    expect(page.get_by_role("status").get_by_text("You got this because")).to_be_visible()
    page.keyboard.press("r")
    page.get_by_label("Cause").select_option(index=1)
    page.get_by_label("What fixed it").fill("Moved the archive.")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(f"{urgent['number']} is resolved.")).to_be_visible()
    expect(page.get_by_text("Resolved", exact=True).first).to_be_visible()
    facts = spindel.arrange(arrange.incident_facts, number=urgent["number"])
    assert (facts["state"], facts["resolution"]) == ("resolved", "Moved the archive.")
    told = somebody("requester", facts=caller).opens(f"/my/{urgent['number']}/")
    expect(told.get_by_role("main")).to_contain_text("Moved the archive.")


def test_two_people_who_pick_at_the_same_moment_get_different_work(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    numbers = {spindel.arrange(arrange.incident, title=f"Switch {n}", team=crew)["number"] for n in (1, 2)}
    tabs = [somebody("technician", team=crew).opens("/queue/") for _n in (1, 2)]
    for tab in tabs:
        tab.evaluate("[...document.forms].find(form => form.action.endsWith('/queue/next/')).requestSubmit()")
    for tab in tabs:
        expect(tab.get_by_role("heading", level=1, name=re.compile("Switch [12]"))).to_be_visible()
    got = [tab.locator("[data-record]").get_attribute("data-record") for tab in tabs]
    assert set(got) == numbers


@pytest.mark.parametrize("theme", ["light", "dark"])
def test_a_broken_promise_shows_on_record_list_queue_and_wall(somebody: Sits, spindel: Stage, theme: str) -> None:
    late = spindel.arrange(
        arrange.incident, title=f"Door controller offline {theme}", impact=1, urgency=1, hours_ago=2000
    )
    manager = somebody("manager")
    manager.context.set_default_timeout(20_000)
    page = manager.opens(f"/incidents/{late['number']}/")
    page.emulate_media(color_scheme="dark" if theme == "dark" else "light")
    expect(page.get_by_role("banner").or_(page.get_by_role("main")).get_by_text("Overdue").first).to_be_visible()
    page.goto("/incidents/?sla=breach&q=Door+controller")
    row = page.get_by_role("row").filter(has_text=late["number"])
    expect(row).to_contain_text("Overdue")
    page.goto("/queue/")
    expect(page.get_by_role("row").filter(has_text=late["number"])).to_contain_text("Overdue")
    page.goto("/wall/")
    expect(
        page.get_by_role("region", name="Overdue").get_by_role("row").filter(has_text=late["number"])
    ).to_be_visible()
    page.get_by_role("link", name=re.compile("overdue now")).click()
    expect(page.get_by_role("row").filter(has_text=late["number"])).to_be_visible()


def test_what_is_done_can_be_taken_back(somebody: Sits, spindel: Stage) -> None:
    made, other = spindel.arrange(arrange.incident, title="Lamp blinks"), somebody("agent")
    page = other.opens(f"/incidents/{made['number']}/")
    page.get_by_role("link", name="Change Title").click()
    page.get_by_role("textbox", name="Title").fill("Lamp blinks twice")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lamp blinks twice")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_role("heading", level=1)).to_have_text(re.compile("Lamp blinks$"))
    until(lambda: spindel.arrange(arrange.incident_facts, number=made["number"])["title"], page, wanted="Lamp blinks")
