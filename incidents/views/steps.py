"""One view for every button of an incident: the small form it needs, then one command (ARCHITECTURE 9)."""

from typing import Any

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods

from accounts.doors import ActorRequest, signed_in
from incidents.forms.verbs import VERBS, Values, Verb
from incidents.models import Incident
from incidents.queries import detail
from incidents.queries.own import OWN_STEPS
from incidents.queries.page import is_own_only
from incidents.queries.steps import STEPS, Step
from incidents.views.answers import add_errors, next_url, page_url
from incidents.views.page import page_context
from journal.units import door
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound, Refused
from kernel.pages import go, respond, toast
from records.models import Undo
from records.queries.page import own_page


@signed_in
@require_http_methods(["GET", "POST"])
def step(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """The form of a step, and the step itself. What was typed survives every refusal."""
    incident, verb = detail.by_number(request.actor, number), VERBS.get(name)
    if verb is None:
        raise NotFound(_("No record %(number)s.") % {"number": number})
    is_own = is_own_only(request.actor, incident)
    _require(request.actor, incident, STEPS[name], is_own=is_own)
    if is_own and request.method == "GET":
        return go(request, reverse("records:my_record", args=[incident.record.number]))
    data = request.POST if request.method == "POST" else None
    form = verb.form(data, incident=incident, actor=request.actor)
    if not form.is_bound or not form.is_valid():
        return _form(request, incident, STEPS[name], form, status=422 if form.is_bound else 200)
    try:
        undo = _run(verb, incident, form.cleaned_data, request.actor)
    except Refused as refusal:
        return _refused(request, incident, STEPS[name], form, refusal)
    toast(request, str(verb.done) % {"number": incident.record.number}, undo=undo)
    return go(request, next_url(request, page_url(incident)))


def _require(actor: Actor, incident: Incident, at_step: Step, *, is_own: bool) -> None:
    """Nobody opens the form of a step that their role does not have; requesters confirm and reopen, no more."""
    if (is_own and at_step.name not in OWN_STEPS) or not at_step.rule(actor, incident):
        raise NotAllowed(_("This step is for those who work on %(number)s.") % {"number": incident.record.number})


def _run(verb: Verb, incident: Incident, values: Values, actor: Actor) -> str:
    with door(actor) as at:
        done = verb.run(incident, values, actor=actor, at=at)
    return reverse("records:undo", args=[incident.record.number, done.pk]) if isinstance(done, Undo) else ""


def _refused(request: ActorRequest, incident: Incident, at_step: Step, form: Any, refusal: Refused) -> HttpResponse:
    if isinstance(refusal, NotAllowed | NotFound) or not at_step.asks:
        raise refusal
    add_errors(form, refusal)
    return _form(request, detail.by_number(request.actor, incident.record.number), at_step, form, refusal.status)


def _form(request: ActorRequest, incident: Incident, at_step: Step, form: Any, status: int) -> HttpResponse:
    if is_own_only(request.actor, incident):
        return _own_form(request, incident, form, status)
    context = {"step": at_step, "step_form": form, "form": form, "number": incident.record.number,
               "next": request.POST.get("next") or request.GET.get("next", "")}  # fmt: skip
    if request.headers.get("HX-Request") != "true":
        context |= page_context(request, incident)
    return respond(request, "incidents/page.html", "incidents/_step.html", context, status=status)


def _own_form(request: ActorRequest, incident: Incident, form: Any, status: int) -> HttpResponse:
    """A requester's refused step: their own page with the reason and what they typed."""
    problems = [{"text": each, "id": ""} for said in form.errors.values() for each in said]
    context = {"page": own_page(request.actor, incident.record), "area": "mine", "own_problems": problems,
               "own_typed": request.POST.get("reason", "")}  # fmt: skip
    return respond(request, "records/my_record.html", "records/my_record.html", context, status=status)
