"""One view for every button of a record: the small form it needs, then one command (ARCHITECTURE 9)."""

from typing import Any, TypeVar

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.doors import ActorRequest
from journal.units import door
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound, Refused
from kernel.pages import go, respond, toast
from processes.answers import add_errors, next_url
from processes.pages import RecordPages, context, names
from processes.process import is_own_only
from processes.steps import Step, Values, Verb
from records.models import ProcessRecord, Undo
from records.queries.page import own_page

P = TypeVar("P", bound=ProcessRecord)


def step(request: ActorRequest, pages: RecordPages[P], number: str, name: str) -> HttpResponse:
    """The form of a step, and the step itself. What was typed survives every refusal."""
    subject, verb = pages.process.by_number(request.actor, number), pages.verbs.get(name)
    if verb is None:
        raise NotFound(_("No record %(number)s.") % {"number": number})
    is_own, at_step = is_own_only(request.actor, subject), pages.steps[name]
    if (is_own and name not in pages.own_steps) or not at_step.rule(request.actor, subject):
        raise NotAllowed(_("This step is for those who work on %(number)s.") % {"number": subject.record.number})
    if is_own and request.method == "GET":
        return go(request, reverse("records:my_record", args=[subject.record.number]))
    data = request.POST if request.method == "POST" else None
    form = verb.form(data, subject=subject, actor=request.actor)
    if not form.is_bound or not form.is_valid():
        return _form(request, pages, subject, at_step, form, status=422 if form.is_bound else 200)
    try:
        undo = _run(verb, subject, form.cleaned_data, request.actor)
    except Refused as refusal:
        return _refused(request, pages, subject, at_step, form, refusal)
    toast(request, str(verb.done) % {"number": subject.record.number}, undo=undo)
    return go(request, next_url(request, pages.process.page_url(subject)))


def _run(verb: Verb[P], subject: P, values: Values, actor: Actor) -> str:
    with door(actor) as at:
        done = verb.run(subject, values, actor=actor, at=at)
    return reverse("records:undo", args=[subject.record.number, done.pk]) if isinstance(done, Undo) else ""


def _refused(
    request: ActorRequest, pages: RecordPages[P], subject: P, at_step: Step[P], form: Any, refusal: Refused
) -> HttpResponse:
    if isinstance(refusal, NotAllowed | NotFound) or not at_step.asks:
        raise refusal
    add_errors(form, refusal)
    fresh = pages.process.by_number(request.actor, subject.record.number)
    return _form(request, pages, fresh, at_step, form, status=refusal.status)


def _form(
    request: ActorRequest, pages: RecordPages[P], subject: P, at_step: Step[P], form: Any, *, status: int
) -> HttpResponse:
    if is_own_only(request.actor, subject):
        return _own_form(request, subject, form, status)
    known: dict[str, Any] = {"step": at_step, "step_form": form, "form": form, "number": subject.record.number,
                             "next": request.POST.get("next") or request.GET.get("next", "")}  # fmt: skip
    known |= names(pages.process)
    if request.headers.get("HX-Request") != "true":
        known |= context(request, pages, subject)
    return respond(request, pages.template, "processes/_step.html", known, status=status)


def _own_form(request: ActorRequest, subject: ProcessRecord, form: Any, status: int) -> HttpResponse:
    """A requester's refused step: their own page with the reason and what they typed."""
    problems = [{"text": each, "id": ""} for said in form.errors.values() for each in said]
    known = {"page": own_page(request.actor, subject.record), "area": "mine", "own_problems": problems,
             "own_typed": request.POST.get("reason", "")}  # fmt: skip
    return respond(request, "records/my_record.html", "records/my_record.html", known, status=status)
