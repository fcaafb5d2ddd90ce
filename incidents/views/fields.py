"""Own facts of an incident, each text that is changed in its place; same-field clashes show both values (UX 3.5)."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import ActorRequest, signed_in
from incidents import commands, policies
from incidents.forms.fields import FieldForm, as_text
from incidents.models import Incident
from incidents.queries import detail
from incidents.queries.facts import EDITABLE, LABELS
from incidents.views.answers import page_url
from journal.units import door
from kernel.errors import NotFound, Stale
from kernel.pages import go, is_fragment_request, respond, toast


@signed_in
@require_http_methods(["GET", "POST"])
def field(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """The form of one own fact; its new value; with ?read the fact as text."""
    incident = detail.by_number(request.actor, number)
    if name not in EDITABLE:
        raise NotFound(_("No record %(number)s.") % {"number": number})
    policies.require(policies.can_edit, request.actor, incident)
    if request.method == "POST":
        return _change(request, incident, name)
    if "read" in request.GET and is_fragment_request(request):
        return _as_text(request, incident, name)
    return _as_form(request, incident, name, FieldForm(name, initial={name: as_text(incident, name)}))


def _change(request: ActorRequest, incident: Incident, name: str) -> HttpResponse:
    form = FieldForm(name, request.POST)
    if not form.is_valid():
        return _as_form(request, incident, name, form, status=422)
    try:
        with door(request.actor) as at:
            undo = commands.edit_details(
                incident, seen={name: form.seen}, values={name: form.value}, actor=request.actor, at=at
            )
    except Stale as refused:
        return _merge(request, incident, name, form, refused)
    number = incident.record.number
    toast(request, _("Saved."), undo=reverse("records:undo", args=[number, undo.pk]) if undo else "")
    if not is_fragment_request(request):
        return go(request, page_url(incident))
    return _as_text(request, incident, name)


def _url(incident: Incident, name: str) -> str:
    return reverse("incidents:field", args=[incident.record.number, name])


def _as_text(request: ActorRequest, incident: Incident, name: str) -> HttpResponse:
    context = {"label": str(LABELS[name]), "name": name, "value": as_text(incident, name),
               "edit_url": _url(incident, name)}  # fmt: skip
    return respond(request, "_components/fact.html", "_components/fact.html", context)


def _as_form(
    request: ActorRequest, incident: Incident, name: str, form: FieldForm, *, status: int = 200
) -> HttpResponse:
    url = _url(incident, name)
    saw = request.POST.get("saw") if request.method == "POST" else as_text(incident, name)
    context: dict[str, Any] = {
        "label": str(LABELS[name]), "name": name, "field": form[name], "action": url, "saw": saw, "form": form,
        "cancel_url": f"{url}?read=1" if is_fragment_request(request) else page_url(incident), "area": "calls",
        "record": incident.record,
    }  # fmt: skip
    return respond(request, "records/field.html", "_components/fact_edit.html", context, status=status)


def _merge(request: ActorRequest, incident: Incident, name: str, form: FieldForm, refused: Stale) -> HttpResponse:
    """Now theirs, yours, keep mine, take theirs."""
    url, now, facts = _url(incident, name), detail.by_number(request.actor, incident.record.number), refused.facts
    context: dict[str, Any] = {
        "label": str(LABELS[name]), "name": name, "theirs": as_text(now, name), "theirs_value": as_text(now, name),
        "theirs_by": facts["by"], "theirs_at": facts["at"], "yours": request.POST.get(name, ""), "action": url,
        "take_url": f"{url}?read=1" if is_fragment_request(request) else page_url(incident), "area": "calls",
        "record": incident.record,
    }  # fmt: skip
    return respond(request, "records/stale.html", "_components/merge.html", context, status=409)
