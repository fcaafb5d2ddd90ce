"""The pages of an incident, with and without scripts (UX 3.5)."""

import re
from collections.abc import Callable
from datetime import datetime, timedelta

import pytest
from django.db import connection
from django.test import Client
from django.test.utils import CaptureQueriesContext

from accounts.models import User
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.units import database_now
from records.models import Comment, Record
from sla.queries import clocks_for
from tests.factories import make_user
from tests.incidents.help import World, state

HTMX = {"HX-Request": "true"}


def signed_in(actor_id: int) -> Client:
    """A browser in which that person is signed in."""
    client = Client()
    client.force_login(User.objects.get(pk=actor_id))
    return client


@pytest.fixture
def now(world: World) -> Callable[..., Incident]:
    """Incidents opened at this moment, as the pages' clock is the database's."""
    return lambda **known: world.opened(moment=database_now(), **known)


def url(incident: Incident, step: str = "") -> str:
    """The incident's page, or one of its steps."""
    return f"/incidents/{incident.record.number}/{step}{'/' if step else ''}"


def promised(incident: Incident) -> list[tuple[str, datetime | None]]:
    """The promises of its clocks."""
    return [(row.metric, row.due_at) for row in clocks_for([incident.pk], at=database_now()).get(incident.pk, [])]


def buttons(html: str, number: str) -> list[str]:
    """Names of the steps that a page offers."""
    return re.findall(rf'(?:href|action)="/incidents/{number}/(\w+)/"', html)


def test_the_page_says_what_it_is_and_what_can_be_done(world: World, now: Callable[..., Incident]) -> None:
    incident = now(impact=3, urgency=1)
    page = signed_in(world.technician.id).get(url(incident))
    html = page.content.decode()
    assert page.status_code == 200
    for words in (incident.record.number, "VPN drops every ten minutes", "Anna Berg", "a team", "stopped", "Take it"):
        assert words in html
    assert buttons(html, incident.record.number)[:2] == ["take", "resolve"]


def test_take_resolve_close_with_plain_forms(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.technician.id)
    assert browser.post(url(incident, "take")).headers["Location"] == url(incident)
    assert state(incident) == "in_progress"
    form = browser.get(url(incident, "resolve"))
    assert b"What fixed it" in form.content
    done = browser.post(
        url(incident, "resolve"), {"cause": "network", "resolution": "New cable.", "tell_callers": "on"}
    )
    assert done.status_code == 303
    assert state(incident) == "resolved"
    assert "New cable." in browser.get(url(incident)).content.decode()
    signed_in(world.agent.id).post(url(incident, "close"))
    assert state(incident) == "closed"


def test_a_refused_form_keeps_what_was_typed(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.technician.id)
    for headers in ({}, HTMX):
        answer = browser.post(url(incident, "resolve"), {"cause": "", "resolution": "New cable."}, headers=headers)
        html = answer.content.decode()
        assert answer.status_code == 422
        assert "Choose the cause." in html
        assert "New cable." in html
        assert ("<html" in html) == (not headers)


def test_who_comes_second_reads_why_and_keeps_the_words(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.agent.id)
    commands.resolve(incident, cause="network", resolution="First.", actor=world.technician, at=incident.record.last_at)
    answer = browser.post(url(incident, "resolve"), {"cause": "use", "resolution": "Second."}, headers=HTMX)
    html = answer.content.decode()
    assert answer.status_code == 409
    assert "is Resolved now" in html
    assert "Second." in html


def test_htmx_goes_on_with_a_whole_page(world: World, now: Callable[..., Incident]) -> None:
    incident = now()
    answer = signed_in(world.technician.id).post(url(incident, "take"), headers=HTMX)
    assert (answer.status_code, answer.headers["HX-Redirect"]) == (204, url(incident))


def test_holding_can_be_taken_back(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.technician.id)
    browser.post(url(incident, "take"))
    browser.post(url(incident, "hold"), {"reason": "user"})
    assert state(incident) == "pending"
    undo = re.search(rf"/records/{incident.record.number}/undo/\d+/", browser.get(url(incident)).content.decode())
    assert undo is not None
    assert browser.post(undo[0]).status_code == 303
    assert state(incident) == "in_progress"
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert item.state == "in_progress"


@pytest.mark.parametrize(
    ("step", "values"),
    [("resolve", {"cause": "network", "resolution": "New cable."}), ("cancel", {"reason": "Twice."})],
)
@pytest.mark.parametrize("is_taken", [True, False])
def test_the_end_of_an_incident_can_be_taken_back(
    world: World, now: Callable[..., Incident], step: str, values: dict[str, str], is_taken: bool
) -> None:
    incident, browser = now(), signed_in(world.technician.id)
    if is_taken:
        browser.post(url(incident, "take"))
    before = state(incident)
    promises = promised(incident)
    browser.post(url(incident, step), values)
    assert state(incident) == {"resolve": "resolved", "cancel": "cancelled"}[step]
    assert INCIDENTS.work_item(incident.record) is None
    undo = re.search(rf"/records/{incident.record.number}/undo/\d+/", browser.get(url(incident)).content.decode())
    assert undo is not None
    assert browser.post(undo[0]).status_code == 303
    assert state(incident) == before
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    assert (item.state, item.assignee_id) == (("in_progress", world.technician.id) if is_taken else ("queued", None))
    again = Incident.objects.get(pk=incident.pk)
    assert (again.cause, again.resolution, again.resolved_at) == ("", "", None)
    assert (again.resolved_by, again.closes_at) == (None, None)
    assert promised(incident) == promises
    assert browser.post(url(incident, step), values).status_code == 303


def test_resolving_a_main_incident_offers_no_undo_because_its_parts_follow(
    world: World, now: Callable[..., Incident]
) -> None:
    main, part, browser = now(), now(), signed_in(world.technician.id)
    commands.set_parent(part, parent=main, actor=world.technician, at=database_now())
    browser.post(url(main, "resolve"), {"cause": "network", "resolution": "New cable."})
    assert "/undo/" not in browser.get(url(main)).content.decode()


def test_requesters_reach_nothing_of_the_staff_page(world: World, now: Callable[..., Incident]) -> None:
    incident, browser, staff = now(), signed_in(world.caller.pk), signed_in(world.technician.id)
    own = f"/my/{incident.record.number}/"
    for address in (f"/records/{incident.record.number}/impact/", url(incident, "hold")):
        assert (browser.get(address).status_code, staff.get(address).status_code) == (403, 200)
    assert browser.post(url(incident, "hold"), {"reason": "user"}).status_code == 403
    assert browser.get(url(incident, "reopen"))["Location"] == own
    staff.post(url(incident, "resolve"), {"cause": "network", "resolution": "New cable."})
    Incident.objects.filter(pk=incident.pk).update(resolved_at=database_now() - timedelta(days=15))
    late = browser.post(url(incident, "reopen"), {"reason": "It is broken again."})
    html = late.content.decode()
    assert late.status_code == 409
    assert "Log a new linked one instead." in html
    assert "It is broken again." in html
    assert "composer-internal" not in html


def test_the_requester_has_a_page_of_their_own_and_reads_no_internal_text(
    world: World, now: Callable[..., Incident]
) -> None:
    incident, browser = now(), signed_in(world.caller.pk)
    staff = signed_in(world.agent.id)
    number = incident.record.number
    staff.post(f"/records/{number}/comment/", {"audience": "internal", "text": "The director did it."})
    staff.post(f"/records/{number}/comment/", {"audience": "public", "text": "We look into it."})
    commands.edit_details(
        incident, seen={}, values={"workaround": "secret workaround", "tags": ["secret-tag"]}, actor=world.agent,
        at=Record.objects.get().last_at,
    )  # fmt: skip
    assert Comment.objects.count() == 2
    assert browser.get(url(incident)).headers["Location"] == f"/my/{number}/"
    html = browser.get(f"/my/{number}/").content.decode()
    assert "We look into it." in html
    for path in (f"/my/{number}/", url(incident, "impact"), url(incident, "callers"), url(incident, "resolve"),
                 f"/records/{number}/timeline/"):  # fmt: skip
        html = browser.get(path).content.decode()
        for secret in ("The director did it.", "secret workaround", "secret-tag"):
            assert secret not in html, path


def test_the_requester_confirms_and_reopens_on_their_own_page(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.caller.pk)
    number = incident.record.number
    assert "Still broken" not in browser.get(f"/my/{number}/").content.decode()
    commands.resolve(incident, cause="network", resolution="x", actor=world.agent, at=incident.record.last_at)
    html = browser.get(f"/my/{number}/").content.decode()
    assert "Yes, it works" in html
    answer = browser.post(url(incident, "reopen"), {"reason": "Still drops.", "next": f"/my/{number}/"})
    assert answer.headers["Location"] == f"/my/{number}/"
    assert state(incident) == "assigned"
    refused = browser.post(url(incident, "cancel"), {"reason": "x"})
    assert refused.status_code == 403


def test_nobody_is_sent_to_another_site(world: World, now: Callable[..., Incident]) -> None:
    incident = now()
    answer = signed_in(world.technician.id).post(url(incident, "take"), {"next": "https://evil.example/"})
    assert answer.headers["Location"] == url(incident)


def test_hidden_and_absent_look_alike(world: World, now: Callable[..., Incident]) -> None:
    incident, stranger = now(), signed_in(make_user("technician").pk)
    for step in ("", "resolve", "impact", "callers"):
        hidden = stranger.get(url(incident, step))
        absent = stranger.get(url(incident, step).replace(incident.record.number, "INC-999999"))
        assert (hidden.status_code, absent.status_code) == (404, 404)
        assert _plain(hidden.content) == _plain(absent.content)
    assert stranger.post(url(incident, "resolve"), {"cause": "use", "resolution": "x"}).status_code == 404


def _plain(content: bytes) -> str:
    """A page without what differs from one request to the next."""
    return re.sub(r'(csrfmiddlewaretoken" value|data-now|csrf-token" content)="[^"]*"', "", content.decode())


def test_an_own_fact_changes_in_place_and_clashes_show_both(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.agent.id)
    place = url(incident, "fields") + "tags/"
    assert b"<form" in browser.get(place, headers=HTMX).content
    saved = browser.post(place, {"saw": "", "tags": "VPN, malmö"}, headers=HTMX)
    assert "malmö, vpn" in saved.content.decode()
    assert Incident.objects.get().tags == ["malmö", "vpn"]
    clash = browser.post(place, {"saw": "", "tags": "printer"}, headers=HTMX)
    assert clash.status_code == 409
    assert "malmö, vpn" in clash.content.decode()
    assert "printer" in clash.content.decode()
    other = browser.post(url(incident, "fields") + "workaround/", {"saw": "", "workaround": "MTU 1380"}, headers=HTMX)
    assert other.status_code == 200


@pytest.mark.parametrize(
    ("step", "values", "expected"),
    [
        ("prioritise", {"impact": "2", "urgency": "1"}, {"impact": 2, "urgency": 1}),
        ("escalate", {"supplier": "Telia", "reason": "Their line."}, {"line": "supplier", "supplier": "Telia"}),
        ("caller", {"caller": "Bo Ek"}, {"caller_count": 2}),
        ("major", {"update_every_minutes": "30", "banner": "VPN down"}, {"is_major": True, "banner": "VPN down"}),
    ],
)
def test_steps_by_form(
    world: World, now: Callable[..., Incident], step: str, values: dict[str, str], expected: dict[str, object]
) -> None:
    incident, browser = now(), signed_in(world.agent.id)
    if step == "major":
        values = {**values, "leader": str(world.agent.id)}
    assert b"<form" in browser.get(url(incident, step)).content
    answer = browser.post(url(incident, step), values)
    assert answer.status_code == 303, answer.content.decode()[-3000:]
    stored = Incident.objects.get()
    assert {name: getattr(stored, name) for name in expected} == expected


def test_merge_and_part_by_number(world: World, now: Callable[..., Incident]) -> None:
    main, double, part, browser = now(), now(), now(), signed_in(world.agent.id)
    assert browser.post(url(double, "merge"), {"number": main.record.number}).status_code == 303
    assert browser.post(url(part, "part"), {"number": main.record.number.removeprefix("INC-")}).status_code == 303
    assert (state(double), Record.objects.get(pk=part.pk).parent_id) == ("cancelled", main.pk)
    assert "There is no incident INC-999" in browser.post(url(part, "part"), {"number": "999"}).content.decode()
    assert part.record.number in browser.get(url(main)).content.decode()


def test_a_long_page_costs_as_much_as_a_short_one(world: World, now: Callable[..., Incident]) -> None:
    incident, browser = now(), signed_in(world.agent.id)
    browser.get(url(incident))
    counts = []
    for _round in range(2):
        with CaptureQueriesContext(connection) as seen:
            assert browser.get(url(incident)).status_code == 200
        counts.append(len(seen))
        for _more in range(3):
            commands.add_caller(incident, make_user(), actor=world.agent, at=incident.record.last_at)
            commands.set_parent(now(), parent=incident, actor=world.agent, at=database_now())
    assert counts == [10, 10]


def test_a_running_major_incident_is_on_every_page_of_those_who_may_see_it(
    world: World, now: Callable[..., Incident]
) -> None:
    incident, boss = now(), User.objects.get(pk=world.agent.id)
    secret = now(title="Leak", confidential_class="security", caller=None)
    Record.objects.filter(pk=secret.pk).update(audience=[2_000_000_001])
    Incident.objects.filter(pk=secret.pk).update(is_major=True, major_leader=boss)
    browser, stranger = signed_in(world.agent.id), signed_in(make_user("technician").pk)
    banner = {"leader": boss, "banner": "VPN is down.", "actor": world.agent, "at": database_now()}
    assert "VPN is down." not in browser.get("/incidents/").content.decode()
    commands.declare_major(incident, **banner)
    html = browser.get("/incidents/").content.decode()
    assert "VPN is down." in html
    assert "next update" in html
    assert "Leak" not in html.partition("<main")[0]
    assert "VPN is down." not in stranger.get("/incidents/").content.decode()
    commands.resolve(incident, cause="network", resolution="x", actor=world.agent, at=database_now())
    assert "VPN is down." not in browser.get("/incidents/").content.decode()
