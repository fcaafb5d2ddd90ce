"""How the due times of a record came about."""

from django.http import HttpResponse
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, signed_in
from journal.units import database_now
from kernel.pages import respond
from records import policies
from records import queries as records
from records.panels import tabs_for
from records.queries.page import record_page
from sla import queries


@signed_in
@require_safe
def explain(request: ActorRequest, number: str) -> HttpResponse:
    """The panel with every clock explained to the minute; the whole record page without htmx."""
    record = records.by_number(request.actor, number)
    policies.require(policies.can_read_internal, request.actor, record)
    context = {
        "page": record_page(request.actor, record), "tabs": tabs_for(request.actor, record, "sla"),
        "explanations": queries.explain(record, at=database_now()), "panel_template": "sla/_explain.html",
        "area": "calls",
    }  # fmt: skip
    return respond(request, "records/page.html", "records/_panel.html", context)
