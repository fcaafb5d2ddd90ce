"""An incident that cannot be solved now starts its emergency plan (DOMAIN I2)."""

from incidents import commands
from incidents.models import Incident
from journal.models import Event
from journal.units import database_now
from kernel.errors import Conflict, NotAllowed, Unprocessable
from registry.models import Service
from tests.incidents.help import World, minutes, refuses
from tests.incidents.test_opening import component
from tests.incidents.test_pages import signed_in

PLAN = "Write on paper.\n\n- Tell the wards"


def test_the_plan_of_the_service_is_offered_started_and_ended(world: World) -> None:
    service = Service.objects.create(component=component("payroll"), code="payroll", emergency_plan=PLAN)
    incident = world.opened(service=service, moment=database_now())
    browser = signed_in(world.technician.id)
    address = f"/incidents/{incident.record.number}/emergency/"
    assert "Write on paper." in browser.get(address).content.decode()
    sent = browser.post(address, {"reason": "The part comes on Monday.", "plan": PLAN})
    assert sent.status_code == 303
    page = browser.get(f"/incidents/{incident.record.number}/").content.decode()
    assert "<li>Tell the wards</li>" in page
    assert "Emergency plan started: The part comes on Monday." in page
    Service.objects.filter(pk=service.pk).update(emergency_plan="Something else")
    assert Incident.objects.get().emergency_plan == PLAN  # as it was when it started
    browser.post(f"/incidents/{incident.record.number}/emergency_over/", {"reason": "The part is in."})
    page = browser.get(f"/incidents/{incident.record.number}/").content.decode()
    assert "Tell the wards" not in page
    assert "Back to normal: The part is in." in page
    assert Incident.objects.get().emergency_since is None


def test_it_needs_a_reason_and_something_to_do(world: World) -> None:
    incident = world.opened()
    with refuses(Unprocessable) as refused:
        commands.start_emergency(incident, plan=" ", reason="", actor=world.technician, at=minutes(1))
    assert isinstance(refused.value, Unprocessable)
    assert set(refused.value.fields) == {"plan", "reason"}


def test_one_plan_at_a_time_and_none_for_what_has_ended(world: World) -> None:
    incident = world.opened()
    with refuses(Conflict, "no_emergency"):
        commands.end_emergency(incident, reason="Fine.", actor=world.technician, at=minutes(1))
    commands.start_emergency(incident, plan=PLAN, reason="No part.", actor=world.technician, at=minutes(1))
    with refuses(Conflict, "emergency_runs"):
        commands.start_emergency(incident, plan=PLAN, reason="No part.", actor=world.technician, at=minutes(2))
    with refuses(Unprocessable):
        commands.end_emergency(incident, reason=" ", actor=world.technician, at=minutes(2))
    assert Event.objects.get(code="incident.emergency_started").data["plan"] == PLAN
    ended = world.resolved()
    with refuses(Conflict, "wrong_state"):
        commands.start_emergency(ended, plan=PLAN, reason="No part.", actor=world.technician, at=minutes(9))


def test_a_requester_starts_none(world: World) -> None:
    incident = world.opened()
    with refuses(NotAllowed):
        commands.start_emergency(incident, plan=PLAN, reason="No part.", actor=world.requester, at=minutes(1))
