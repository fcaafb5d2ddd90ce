"""The page of an incident, its steps and the facts that are changed in place (UX 3.5)."""

from django.http import HttpResponse
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import ActorRequest, signed_in
from incidents.forms.pages import FIELDS, PAGES
from incidents.queries import detail
from processes import fields, pages, stepping


@signed_in
@require_safe
def incident(request: ActorRequest, number: str) -> HttpResponse:
    """Header, promises, steps, time line, facts."""
    return pages.page(request, PAGES, number)


@signed_in
@require_safe
def callers(request: ActorRequest, number: str) -> HttpResponse:
    """Who reported it and how to reach them; parts and duplicates stand under Related."""
    return pages.panel(
        request, PAGES, number, tab="callers", template="incidents/_panel_callers.html",
        values=lambda found: {"callers": detail.callers(found)},
    )  # fmt: skip


@signed_in
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """The form of a step, and the step itself."""
    return stepping.step(request, PAGES, number, name)


@signed_in
@require_http_methods(["GET", "POST"])
def field(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """The form of one own fact; its new value; with ?read the fact as text."""
    return fields.field(request, FIELDS, number, name)
