"""The page of an incident: understand in ten seconds, act in one step (UX 3.5)."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseRedirect
from django.urls import reverse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, signed_in
from incidents.models import Incident
from incidents.queries import detail, page
from kernel.pages import respond
from records.panels import tabs_for
from records.queries.page import record_page
from records.queries.timeline import Show


@signed_in
@require_safe
def incident(request: ActorRequest, number: str) -> HttpResponse:
    """Header, promises, steps, time line, facts."""
    found = detail.by_number(request.actor, number)
    if page.is_own_only(request.actor, found):
        return HttpResponseRedirect(reverse("records:my_record", args=[found.record.number]))
    return respond(request, "incidents/page.html", "incidents/page.html", page_context(request, found))


@signed_in
@require_safe
def impact(request: ActorRequest, number: str) -> HttpResponse:
    """What the component takes down when it stops."""
    found = detail.by_number(request.actor, number)
    page.require_internal(request.actor, found)
    values = {"impact": page.impact_of(found.record), "panel_template": "incidents/_panel_impact.html"}
    context = page_context(request, found, "impact") | values
    return respond(request, "incidents/page.html", "records/_panel.html", context)


@signed_in
@require_safe
def callers(request: ActorRequest, number: str) -> HttpResponse:
    """Who reported it and how to reach them; parts and duplicates stand under Related."""
    found = detail.by_number(request.actor, number)
    page.require_internal(request.actor, found)
    values = {"callers": detail.callers(found), "panel_template": "incidents/_panel_callers.html"}
    context = page_context(request, found, "callers") | values
    return respond(request, "incidents/page.html", "records/_panel.html", context)


def page_context(request: ActorRequest, found: Incident, tab: str = "facts") -> dict[str, Any]:
    """What templates/incidents/page.html needs."""
    frame = record_page(request.actor, found.record, show=_show(request), before=_before(request))
    beside = page.beside(request.actor, found, is_internal=frame.is_internal, at=timezone.now())
    return {"page": frame, "tabs": tabs_for(request.actor, found.record, tab), "area": "calls", "incident": found,
            **beside}  # fmt: skip


def _show(request: HttpRequest) -> Show:
    asked = request.GET.get("show", "")
    return Show(asked) if asked in set(Show) else Show.ALL


def _before(request: HttpRequest) -> int:
    asked = request.GET.get("before", "")
    return int(asked) if asked.isdecimal() and len(asked) < 10 else 0
