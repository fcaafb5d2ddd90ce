"""Nothing typed is ever lost (UX G9): each way in which other tools lose it, on the real pages."""

from playwright.sync_api import Page, Route, expect

from tests.browser import arrange
from tests.browser.conftest import Person, Sits, until
from tests.browser.stage import Stage

OFFLINE = "Not saved yet – kept on this computer, trying again in 5 s"


def record(somebody: Sits, spindel: Stage, title: str) -> tuple[dict[str, str], Person, Page]:
    """A new incident, open before an agent, on a page whose clock the test moves."""
    made, agent = spindel.arrange(arrange.incident, title=title), somebody("agent")
    page = agent.context.new_page()
    page.clock.install()
    page.goto(f"/incidents/{made['number']}/")
    return made, agent, page


def write(page: Page, text: str, audience: str = "Internal note") -> None:
    """Choose who reads and type."""
    page.get_by_role("radio", name=audience).check()
    page.get_by_label("Text", exact=True).press_sequentially(text)


def rest(page: Page) -> None:
    """Let the draft go to the server."""
    with page.expect_response(lambda answer: "/draft" in answer.url):
        page.clock.run_for(800)


def notes(spindel: Stage, made: dict[str, str]) -> list[list[object]]:
    """What stands in the record."""
    found: list[list[object]] = spindel.arrange(arrange.comments_of, number=made["number"])
    return found


def text_of(page: Page) -> str:
    """What stands in the composer."""
    return page.get_by_label("Text", exact=True).input_value()


# ---------------------------------------------------------------- leaving


def test_closing_the_tab_keeps_the_text_on_the_server(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: tab closed")
    write(page, "Typed and closed at once")
    page.close(run_before_unload=True)
    again = agent.context.new_page()
    kept = [{"text": "Typed and closed at once"}]
    until(lambda: [each["values"] for each in spindel.arrange(arrange.drafts, user=agent.id)], again, wanted=kept)
    again.goto(f"/incidents/{made['number']}/")
    expect(again.get_by_label("Text", exact=True)).to_have_value("Typed and closed at once")
    again.goto("/drafts/")
    expect(again.get_by_text("Typed and closed at once")).to_be_visible()


def test_a_crash_of_the_browser_keeps_what_was_saved(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: crash")
    write(page, "Saved before the crash")
    rest(page)
    agent.context.close()
    facts = {"id": agent.id, "name": agent.name, "email": agent.email}
    facts["session"] = spindel.arrange(arrange.session, user_id=agent.id)
    other_computer = somebody("agent", facts=facts).opens(f"/incidents/{made['number']}/")
    expect(other_computer.get_by_label("Text", exact=True)).to_have_value("Saved before the crash")


def test_a_reload_keeps_the_text(somebody: Sits, spindel: Stage) -> None:
    _made, _agent, page = record(somebody, spindel, "Lost: reload")
    write(page, "Typed before the reload")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Typed before the reload")


def test_the_back_button_brings_the_text_back(somebody: Sits, spindel: Stage) -> None:
    _made, _agent, page = record(somebody, spindel, "Lost: back button")
    write(page, "Looked something up meanwhile")
    page.goto("/queue/")
    page.go_back()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Looked something up meanwhile")


def test_language_and_theme_may_change_meanwhile(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: language")
    write(page, "Före och efter")
    rest(page)
    page.goto("/profile/")
    page.get_by_label("Language").select_option("sv")
    page.get_by_role("button", name="Save").click()
    page.goto(f"/incidents/{made['number']}/")
    expect(page.locator("html[lang=sv]")).to_be_attached()
    expect(page.locator("#composer-text")).to_have_value("Före och efter")
    assert spindel.arrange(arrange.drafts, user=agent.id)[0]["values"] == {"text": "Före och efter"}


# ---------------------------------------------------------------- sign-in


def test_signed_out_while_writing_signs_in_over_the_page_and_sends(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: session over")
    write(page, "Kept over the sign-in")
    spindel.arrange(arrange.end_sessions, user_id=agent.id)
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog).to_contain_text("What you typed is still here.")
    assert text_of(page) == "Kept over the sign-in"
    dialog.get_by_label("E-mail").fill(agent.email)
    dialog.get_by_label("Password").fill(arrange.PASSWORD)
    dialog.get_by_label("Password").press("Enter")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Kept over the sign-in")
    expect(dialog).to_be_hidden()
    assert notes(spindel, made) == [["Kept over the sign-in", False]]


def test_a_sign_in_that_was_put_off_comes_again(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: put off")
    write(page, "Not now")
    spindel.arrange(arrange.end_sessions, user_id=agent.id)
    page.keyboard.press("Control+Enter")
    dialog = page.get_by_role("dialog", name="You have been signed out")
    expect(dialog.get_by_label("Password")).to_be_visible()
    page.keyboard.press("Escape")
    expect(dialog).to_be_hidden()
    assert text_of(page) == "Not now"
    page.get_by_label("Text", exact=True).press("Control+Enter")
    dialog.get_by_label("E-mail").fill(agent.email)
    dialog.get_by_label("Password").fill(arrange.PASSWORD)
    dialog.get_by_label("Password").press("Enter")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Not now")
    assert notes(spindel, made) == [["Not now", False]]


def test_signed_out_in_a_call_keeps_every_field(somebody: Sits, spindel: Stage) -> None:
    agent, caller = somebody("agent"), spindel.arrange(arrange.person, roles=["requester"])
    page = agent.opens("/incidents/new/")
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially(caller["email"])
    expect(page.get_by_role("radio", name=caller["name"])).to_be_checked()
    page.get_by_label("About").press_sequentially("Session over in a call")
    page.get_by_label("What happened").press_sequentially("All the details")
    spindel.arrange(arrange.end_sessions, user_id=agent.id)
    page.get_by_role("button", name="Log incident").click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    dialog.get_by_label("E-mail").fill(agent.email)
    dialog.get_by_label("Password").fill(arrange.PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Session over in a call")).to_be_visible()
    [number] = spindel.arrange(arrange.incidents_called, title="Session over in a call")
    assert spindel.arrange(arrange.incident_facts, number=number)["description"] == "All the details"


def test_a_form_token_of_an_earlier_sign_in_is_renewed_in_silence(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: token")
    write(page, "With a new token")
    agent.context.clear_cookies(name="csrftoken")
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("With a new token")
    assert notes(spindel, made) == [["With a new token", False]]


# ---------------------------------------------------------------- refusals


def test_a_refused_call_keeps_what_was_typed(somebody: Sits) -> None:
    page = somebody("agent").opens("/incidents/new/")
    page.get_by_label("What happened").press_sequentially("Long story")
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially("Somebody Unknown")
    page.get_by_role("button", name="Log incident").click()
    expect(page.get_by_role("alert")).to_be_focused()
    expect(page.get_by_label("What happened")).to_have_value("Long story")
    expect(page.get_by_role("searchbox", name="Search: Caller")).to_have_value("Somebody Unknown")


def test_a_refused_step_keeps_what_was_typed(somebody: Sits, spindel: Stage) -> None:
    made, agent = spindel.arrange(arrange.incident, title="Lost: 422"), somebody("agent")
    spindel.arrange(arrange.take, number=made["number"], user=agent.id)
    page = agent.opens(f"/incidents/{made['number']}/")
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("What fixed it").press_sequentially("Changed the fuse")
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("What fixed it")).to_have_value("Changed the fuse")


def test_a_step_that_came_too_late_keeps_what_was_typed(somebody: Sits, spindel: Stage) -> None:
    """Another agent merged the incident while this one described what fixed it."""
    made, agent = spindel.arrange(arrange.incident, title="Lost: 409"), somebody("agent")
    main = spindel.arrange(arrange.incident, title="Lost: 409, the main one")
    spindel.arrange(arrange.take, number=made["number"], user=agent.id)
    page = agent.opens(f"/incidents/{made['number']}/")
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("Cause").select_option(index=1)
    page.get_by_label("What fixed it").press_sequentially("Found it in the basement")
    colleague = somebody("agent")
    spindel.arrange(arrange.merge, number=made["number"], target=main["number"], user=colleague.id)
    page.get_by_role("button", name="Resolve").click()
    expect(page.get_by_role("alert").first).to_be_visible()
    expect(page.get_by_label("What fixed it")).to_have_value("Found it in the basement")


def test_what_is_typed_in_a_step_survives_a_reload(somebody: Sits, spindel: Stage) -> None:
    made, agent = spindel.arrange(arrange.incident, title="Lost: step"), somebody("agent")
    spindel.arrange(arrange.take, number=made["number"], user=agent.id)
    page = agent.opens(f"/incidents/{made['number']}/")
    page.get_by_role("link", name="Resolve").click()
    page.get_by_label("What fixed it").press_sequentially("Half an explanation")
    page.reload()
    page.get_by_role("link", name="Resolve").click()
    expect(page.get_by_label("What fixed it")).to_have_value("Half an explanation")


def test_what_is_typed_into_a_fact_survives_a_reload_and_another_computer(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: fact")
    page.get_by_role("link", name="Change Workaround").click()
    page.get_by_role("textbox", name="Workaround").press_sequentially("Use the printer on floor 3")
    page.reload()
    expect(page.get_by_role("textbox", name="Workaround")).to_have_value("Use the printer on floor 3")
    kept = [{"text": "Use the printer on floor 3", "saw": ""}]
    until(lambda: [each["values"] for each in spindel.arrange(arrange.drafts, user=agent.id)], page, wanted=kept)
    elsewhere = agent.context.new_page()
    elsewhere.goto("/drafts/")
    elsewhere.get_by_role("main").get_by_role("link", name=made["number"]).click()
    expect(elsewhere.get_by_role("textbox", name="Workaround")).to_have_value("Use the printer on floor 3")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("link", name="Change Workaround")).to_be_visible()
    page.reload()
    expect(page.get_by_role("textbox", name="Workaround")).to_have_count(0)
    until(lambda: spindel.arrange(arrange.drafts, user=agent.id), page, wanted=[])


def test_a_fact_that_is_given_up_does_not_come_back(somebody: Sits, spindel: Stage) -> None:
    _made, agent, page = record(somebody, spindel, "Lost: fact given up")
    page.get_by_role("link", name="Change Title").click()
    page.get_by_role("textbox", name="Title").press_sequentially(" or not")
    rest(page)
    page.get_by_role("link", name="Cancel").click()
    until(lambda: spindel.arrange(arrange.drafts, user=agent.id), page, wanted=[])
    page.reload()
    expect(page.get_by_role("link", name="Change Title")).to_be_visible()
    expect(page.get_by_role("textbox", name="Title")).to_have_count(0)


# ---------------------------------------------------------------- other people


def test_somebody_else_takes_the_record_meanwhile(somebody: Sits, spindel: Stage) -> None:
    made, _agent, page = record(somebody, spindel, "Lost: reassigned")
    write(page, "My note stays")
    colleague = somebody("agent")
    spindel.arrange(arrange.take, number=made["number"], user=colleague.id)
    with page.expect_response("**/timeline/**"):
        page.clock.run_for(10_000)
    assert text_of(page) == "My note stays"
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("My note stays")
    assert notes(spindel, made) == [["My note stays", False]]


def test_the_record_is_merged_meanwhile(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: merged")
    main = spindel.arrange(arrange.incident, title="Lost: merged, the main one")
    write(page, "Meant for the other one")
    rest(page)
    spindel.arrange(arrange.merge, number=made["number"], target=main["number"], user=somebody("agent").id)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("alert").first).to_be_visible()
    assert text_of(page) == "Meant for the other one"
    page.goto(f"/incidents/{made['number']}/")
    page.get_by_role("main").get_by_role("link", name=main["number"]).first.click()
    expect(page.get_by_role("heading", level=1, name="Lost: merged, the main one")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Meant for the other one")
    assert spindel.arrange(arrange.drafts, user=agent.id)[0]["values"]["text"] == "Meant for the other one"


# ---------------------------------------------------------------- server and network


def fail_once(page: Page, address: str, *, status: int) -> None:
    """The next answer from there is a fault of the server; 0: no answer at all."""

    def answer(route: Route) -> None:
        if status:
            route.fulfill(status=status, body="")
        else:
            route.abort()

    page.route(address, answer, times=1)


def test_a_fault_of_the_server_is_waited_out(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: 500")
    write(page, "Sent at the second try")
    fail_once(page, "**/comment/", status=500)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    assert text_of(page) == "Sent at the second try"
    page.clock.run_for(5000)
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Sent at the second try")
    assert notes(spindel, made) == [["Sent at the second try", False]]
    agent.broken.clear()


def test_ten_minutes_without_a_network(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: offline")
    agent.context.set_offline(True)
    write(page, "Written in the tunnel")
    page.clock.run_for(600_000)
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    page.keyboard.press("Control+Enter")
    assert text_of(page) == "Written in the tunnel"
    agent.context.set_offline(False)
    page.clock.run_for(5000)
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Written in the tunnel")
    assert notes(spindel, made) == [["Written in the tunnel", False]]


def test_a_call_is_kept_and_logged_once_the_server_is_back(somebody: Sits, spindel: Stage) -> None:
    agent = somebody("agent")
    page = agent.context.new_page()
    page.clock.install()
    page.goto("/incidents/new/")
    page.get_by_role("searchbox", name="Search: Caller").fill("Guest In The Hall")
    page.get_by_label("About").press_sequentially("Server away in a call")
    fail_once(page, "**/incidents/new/?call=*", status=503)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_text(OFFLINE)).to_be_visible()
    expect(page.get_by_label("About")).to_have_value("Server away in a call")
    page.clock.run_for(5000)
    expect(page.get_by_role("heading", level=1, name="Server away in a call")).to_be_visible()
    assert len(spindel.arrange(arrange.incidents_called, title="Server away in a call")) == 1
    agent.broken.clear()


def test_a_call_survives_a_reload_with_every_field(somebody: Sits, spindel: Stage) -> None:
    caller = spindel.arrange(arrange.person, roles=["requester"])
    page = somebody("agent").opens("/incidents/new/")
    page.get_by_role("searchbox", name="Search: Caller").press_sequentially(caller["email"])
    page.get_by_label("About").press_sequentially("Reloaded in a call")
    page.get_by_label("What happened").press_sequentially("Every detail")
    page.reload()
    expect(page.get_by_label("About")).to_have_value("Reloaded in a call")
    expect(page.get_by_label("What happened")).to_have_value("Every detail")
    expect(page.get_by_role("searchbox", name="Search: Caller")).to_have_value(caller["email"])


def test_two_calls_at_a_time_do_not_mix(somebody: Sits) -> None:
    agent = somebody("agent")
    tabs = [agent.opens("/incidents/new/") for _n in (1, 2)]
    for tab, text in zip(tabs, ("First call", "Second call"), strict=True):
        with tab.expect_response("**/draft/about/"):
            tab.get_by_label("About").press_sequentially(text)
    for tab, text in zip(tabs, ("First call", "Second call"), strict=True):
        address = tab.url
        tab.close()
        again = agent.opens(address)
        expect(again.get_by_label("About")).to_have_value(text)


# ---------------------------------------------------------------- twice


def test_pressing_twice_sends_once(somebody: Sits, spindel: Stage) -> None:
    made, _agent, page = record(somebody, spindel, "Lost: twice")
    write(page, "Said once")
    page.evaluate("const form = document.querySelector('#composer'); for (const _ of [1, 2]) form.requestSubmit()")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Said once")
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    assert notes(spindel, made) == [["Said once", False]]


def test_logging_twice_makes_one_incident(somebody: Sits, spindel: Stage) -> None:
    page = somebody("agent").opens("/incidents/new/")
    page.get_by_role("searchbox", name="Search: Caller").fill("Guest Twice")
    page.get_by_label("About").fill("Pressed twice")
    page.get_by_role("button", name="Log incident").dblclick()
    expect(page.get_by_role("heading", level=1, name="Pressed twice")).to_be_visible()
    assert len(spindel.arrange(arrange.incidents_called, title="Pressed twice")) == 1


def test_a_sent_text_does_not_come_back(somebody: Sits, spindel: Stage) -> None:
    made, agent, page = record(somebody, spindel, "Lost: not again")
    write(page, "Sent and done")
    rest(page)
    page.keyboard.press("Control+Enter")
    expect(page.get_by_role("region", name="Time line")).to_contain_text("Sent and done")
    page.reload()
    expect(page.get_by_label("Text", exact=True)).to_have_value("")
    assert spindel.arrange(arrange.drafts, user=agent.id) == []
    assert notes(spindel, made) == [["Sent and done", False]]


def test_undo_of_an_edit_does_not_touch_a_draft(somebody: Sits, spindel: Stage) -> None:
    _made, _agent, page = record(somebody, spindel, "Lost: undo")
    write(page, "Still being written")
    page.get_by_role("link", name="Change Title").click()
    page.get_by_role("textbox", name="Title").fill("Lost: undone")
    page.get_by_role("button", name="Save", exact=True).click()
    expect(page.get_by_role("heading", level=1)).to_contain_text("Lost: undone")
    page.get_by_role("button", name="Undo").click()
    expect(page.get_by_text("Undone.")).to_be_visible()
    expect(page.get_by_label("Text", exact=True)).to_have_value("Still being written")


def test_a_requester_who_reports_loses_nothing_either(somebody: Sits, spindel: Stage) -> None:
    requester = somebody("requester")
    page = requester.opens("/my/report/")
    page.get_by_label("Tell us more").press_sequentially("It began this morning")
    page.reload()
    expect(page.get_by_label("Tell us more")).to_have_value("It began this morning")
    spindel.arrange(arrange.end_sessions, user_id=requester.id)
    page.get_by_label("What is wrong?").fill("Requester signed out")
    page.get_by_role("button", name="Send the report").click()
    dialog = page.get_by_role("dialog", name="You have been signed out")
    dialog.get_by_label("E-mail").fill(requester.email)
    dialog.get_by_label("Password").fill(arrange.PASSWORD)
    dialog.get_by_role("button", name="Sign in").click()
    expect(page.get_by_role("heading", level=1, name="Requester signed out")).to_be_visible()
    [number] = spindel.arrange(arrange.incidents_called, title="Requester signed out")
    assert spindel.arrange(arrange.incident_facts, number=number)["description"] == "It began this morning"
