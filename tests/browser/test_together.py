"""Two people at the same record and the same list: nothing is overwritten, everybody sees the other (UX 3.5, 3.6)."""

from playwright.sync_api import expect

from tests.browser import arrange
from tests.browser.conftest import Sits
from tests.browser.stage import Stage


def test_two_edit_the_same_field_and_choose_with_both_texts_before_them(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Lift stops")
    first, second = somebody("agent"), somebody("agent")
    tabs = [each.opens(f"/incidents/{made['number']}/") for each in (first, second)]
    for tab, title in zip(tabs, ("Lift stops at floor 3", "Lift stops at floor 5"), strict=True):
        tab.get_by_role("link", name="Change Title").click()
        tab.get_by_role("textbox", name="Title").fill(title)
    tabs[0].get_by_role("button", name="Save", exact=True).click()
    expect(tabs[0].get_by_role("heading", level=1)).to_contain_text("Lift stops at floor 3")
    tabs[1].get_by_role("button", name="Save", exact=True).click()
    panel = tabs[1].get_by_role("alert")
    expect(panel).to_contain_text(f"Title was changed by {first.name} while you wrote")
    expect(panel).to_contain_text("Lift stops at floor 3")
    expect(panel).to_contain_text("Lift stops at floor 5")
    expect(panel).to_be_focused()
    panel.get_by_role("button", name="Keep mine").click()
    expect(tabs[1].get_by_role("heading", level=1)).to_contain_text("Lift stops at floor 5")
    assert spindel.arrange(arrange.incident_facts, number=made["number"])["title"] == "Lift stops at floor 5"
    tabs[1].reload()
    expect(tabs[1].get_by_role("region", name="Time line")).to_contain_text("Lift stops at floor 3")


def test_taking_the_others_text_leaves_it(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Gate stuck")
    tabs = [somebody("agent").opens(f"/incidents/{made['number']}/") for _n in (1, 2)]
    for tab, title in zip(tabs, ("Gate stuck open", "Gate stuck closed"), strict=True):
        tab.get_by_role("link", name="Change Title").click()
        tab.get_by_role("textbox", name="Title").fill(title)
    tabs[0].get_by_role("button", name="Save", exact=True).click()
    expect(tabs[0].get_by_role("heading", level=1)).to_contain_text("Gate stuck open")
    tabs[1].get_by_role("button", name="Save", exact=True).click()
    tabs[1].get_by_role("link", name="Take theirs").click()
    expect(tabs[1].get_by_role("alert")).to_have_count(0)
    expect(tabs[1].get_by_role("complementary", name="Facts")).to_contain_text("Gate stuck open")
    assert spindel.arrange(arrange.incident_facts, number=made["number"])["title"] == "Gate stuck open"


def test_edits_of_different_fields_both_stay(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Fan noise")
    tabs = [somebody("agent").opens(f"/incidents/{made['number']}/") for _n in (1, 2)]
    for tab, label, text in zip(tabs, ("Title", "Workaround"), ("Fan is loud", "Open a window."), strict=True):
        tab.get_by_role("link", name=f"Change {label}").click()
        tab.get_by_role("textbox", name=label).fill(text)
    for tab in tabs:
        tab.get_by_role("button", name="Save", exact=True).click()
        expect(tab.get_by_role("button", name="Save", exact=True)).to_have_count(0)
    facts = spindel.arrange(arrange.incident_facts, number=made["number"])
    assert (facts["title"], facts["workaround"]) == ("Fan is loud", "Open a window.")


def test_without_scripts_the_same_field_shows_both_texts_too(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Scanner beeps")
    tabs = [somebody("agent", scripts=False).opens(f"/incidents/{made['number']}/") for _n in (1, 2)]
    for tab, title in zip(tabs, ("Scanner beeps thrice", "Scanner beeps twice"), strict=True):
        tab.get_by_role("link", name="Change Title").click()
        tab.get_by_role("textbox", name="Title").fill(title)
    for tab in tabs:
        tab.get_by_role("button", name="Save", exact=True).click()
    panel = tabs[1].get_by_role("alert")
    expect(panel).to_contain_text("Scanner beeps thrice")
    expect(panel).to_contain_text("Scanner beeps twice")
    panel.get_by_role("button", name="Keep mine").click()
    expect(tabs[1].get_by_role("heading", level=1)).to_contain_text("Scanner beeps twice")


def test_each_sees_who_else_is_here_and_who_writes(somebody: Sits, spindel: Stage) -> None:
    made = spindel.arrange(arrange.incident, title="Camera dark")
    first, second = somebody("agent"), somebody("agent")
    writing, looking = first.context.new_page(), second.context.new_page()
    for tab in (writing, looking):
        tab.clock.install()
        tab.goto(f"/incidents/{made['number']}/")
    here = looking.get_by_role("list", name="Also here")
    expect(here).to_contain_text(first.name)
    expect(here).not_to_contain_text("writing")
    writing.get_by_label("Internal note").check()
    writing.get_by_label("Text", exact=True).press_sequentially("Look")
    with writing.expect_response("**/presence/"):
        writing.clock.run_for(15_000)
    with looking.expect_response("**/presence/"):
        looking.clock.run_for(15_000)
    expect(here).to_contain_text(f"{first.name} is writing")
    expect(writing.get_by_role("list", name="Also here")).to_contain_text(second.name)


def test_a_list_follows_within_five_seconds(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    page = somebody("technician", team=crew).context.new_page()
    page.clock.install()
    page.goto("/queue/")
    made = spindel.arrange(arrange.incident, title="Freezer alarm", team=crew)
    with page.expect_response("**/queue/**"):
        page.clock.run_for(5000)
    expect(page.get_by_role("row").filter(has_text=made["number"])).to_be_visible()


def test_a_record_follows_within_ten_seconds_and_leaves_what_is_typed_alone(somebody: Sits, spindel: Stage) -> None:
    made, colleague = spindel.arrange(arrange.incident, title="Boiler leaks"), somebody("agent")
    page = somebody("agent").context.new_page()
    page.clock.install()
    page.goto(f"/incidents/{made['number']}/")
    page.get_by_label("Internal note").check()
    page.get_by_label("Text", exact=True).press_sequentially("Half a thought")
    spindel.arrange(arrange.comment, number=made["number"], user=colleague.id, body="The valve is closed now.")
    with page.expect_response("**/timeline/**"):
        page.clock.run_for(10_000)
    expect(page.get_by_role("region", name="Time line")).to_contain_text("The valve is closed now.")
    expect(page.get_by_label("Text", exact=True)).to_have_value("Half a thought")
    expect(page.get_by_label("Text", exact=True)).to_be_focused()


def test_a_taken_item_leaves_the_others_list(somebody: Sits, spindel: Stage) -> None:
    crew = spindel.arrange(arrange.team)
    made = spindel.arrange(arrange.incident, title="Printer tray", team=crew)
    taker = somebody("technician", team=crew)
    page = somebody("technician", team=crew).context.new_page()
    page.clock.install()
    page.goto("/queue/")
    row = page.get_by_role("row").filter(has_text=made["number"])
    expect(row).to_be_visible()
    spindel.arrange(arrange.take, number=made["number"], user=taker.id)
    with page.expect_response("**/queue/**"):
        page.clock.run_for(5000)
    expect(row).to_have_count(0)
