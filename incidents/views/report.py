"""A requester reports a problem: a few everyday questions, no priority, no categories (UX 3.10)."""

from uuid import UUID, uuid4

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import ActorRequest, signed_in
from incidents import commands
from incidents.forms.report import ReportForm
from incidents.models import Incident
from incidents.queries import console
from journal.units import door
from kernel.errors import Refused
from kernel.pages import go, respond, toast
from processes.answers import add_errors


@signed_in
@require_http_methods(["GET", "POST"])
def report(request: ActorRequest) -> HttpResponse:
    """The form, and the incident that it becomes. What was typed survives every refusal."""
    kept = console.draft_text(request.actor, f"report:{request.actor.id}")
    form = ReportForm(request.POST or None, holder_id=request.actor.id, initial={"description": kept})
    key = _key(request.POST.get("form_key", ""))
    if form.is_bound and form.is_valid():
        try:
            incident = _open(request, form, key)
        except Refused as refusal:
            add_errors(form, refusal)
            return _page(request, form, key, status=refusal.status)
        toast(request, _("Thank you. Your report is %(number)s.") % {"number": incident.record.number},
              draft=f"report:{request.actor.id}")  # fmt: skip
        return go(request, reverse("records:my_record", args=[incident.record.number]))
    return _page(request, form, key, status=422 if form.is_bound else 200)


def _open(request: ActorRequest, form: ReportForm, key: UUID) -> Incident:
    values = form.cleaned_data
    opening = commands.IncidentOpening(
        title=values["about"], description=values["description"], caller=console.person(request.actor.id),
        channel=Incident.Channel.PORTAL, impact=values["impact"], urgency=values["urgency"],
        component=values["component"], call_key=key, draft_key=f"report:{request.actor.id}",
    )  # fmt: skip
    with door(request.actor) as at:
        return commands.open_incident(opening, actor=request.actor, at=at)


def _page(request: ActorRequest, form: ReportForm, key: UUID, *, status: int) -> HttpResponse:
    context = {"form": form, "form_key": str(key), "area": "report"}
    return respond(request, "incidents/report.html", "incidents/_report.html", context, status=status)


def _key(text: str) -> UUID:
    """The form's key, or a new one for a new form."""
    try:
        return UUID(text)
    except ValueError:
        return uuid4()
