"""One verb for many incidents: each in a transaction of its own, a result for each, Undo for those that can."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from typing import Any

from django.forms import Form
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from coordination import commands as work
from incidents import commands
from incidents.forms.listing import BULK_FORMS, BULK_VERBS
from incidents.models import Incident
from incidents.queries import listing
from incidents.queries.work import required_work_item
from incidents.views.answers import page_url
from incidents.views.listing import filtered
from journal.units import database_now, door
from kernel.errors import Refused
from kernel.pages import respond
from records import commands as records
from records import queries as record_queries
from records.models import Undo

MOST = 500
"""Incidents in one go."""
Act = Callable[..., object]


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that did not go, and why."""

    number: str
    url: str
    reason: str


ACTS: dict[str, Act] = {
    "assign": lambda incident, values, **who: work.assign(
        required_work_item(incident.record), values["person"], override_reason=values["override_reason"], **who
    ),
    "priority": lambda incident, values, **who: commands.set_priority(incident, **values, **who),
    "hold": lambda incident, values, **who: commands.hold(incident, **values, **who),
    "resolve": lambda incident, values, **who: commands.resolve(incident, **values, **who),
    "tag": lambda incident, values, **who: commands.add_tags(incident, **values, **who),
    "close": lambda incident, _values, **who: commands.close(incident, **who),
}


@allowed(Permission.INCIDENT_WORK, Permission.WORK_ASSIGN, Permission.INCIDENT_CLOSE)
@require_POST
def bulk(request: ActorRequest) -> HttpResponse:
    """The ticked incidents, or all that match; a verb that needs more asks for it first, on a page of its own."""
    verb = request.POST.get("verb", "")
    if verb not in BULK_FORMS:
        raise Refused(_("Choose what to do with the rows."))
    chosen = _chosen(request)
    is_asked = request.POST.get("go") == "1" or verb == "close"
    form = BULK_FORMS[verb](request.POST if is_asked else None)
    if not is_asked or not form.is_valid() or not chosen:
        return _ask(request, verb, form, chosen)
    return _result(request, chosen, ACTS[verb], form.cleaned_data)


def _chosen(request: ActorRequest) -> list[Incident]:
    if request.POST.get("all_matching"):
        matching = filtered(request, database_now()).qs
        ids = list(matching.order_by("pk").values_list("pk", flat=True)[:MOST])
    else:
        ids = [int(each) for each in request.POST.getlist("ids") if each.isdecimal()][:MOST]
    return listing.by_ids(request.actor, ids)


def _ask(request: ActorRequest, verb: str, form: Form, chosen: Sequence[Incident]) -> HttpResponse:
    label = next(each["label"] for each in BULK_VERBS if each["name"] == verb)
    context = {"verb": verb, "label": label, "form": form, "chosen": chosen, "area": "calls",
               "query": request.GET.urlencode()}  # fmt: skip
    status = 422 if form.is_bound else 200
    return respond(request, "incidents/bulk.html", "incidents/_bulk.html", context, status=status)


def _result(request: ActorRequest, chosen: Sequence[Incident], act: Act, values: dict[str, Any]) -> HttpResponse:
    refused, undos, done = [], [], 0
    for incident in chosen:
        number = incident.record.number
        try:
            with door(request.actor) as at:
                undo = act(incident, values, actor=request.actor, at=at)
        except Refused as refusal:
            refused.append(Refusal(number, page_url(incident), refusal.message))
            continue
        done += 1
        if isinstance(undo, Undo):
            undos.append(f"{number}:{undo.pk}")
    back = f"{reverse('incidents:bulk_undo')}?u={','.join(undos)}" if undos else ""
    return _done(request, done, refused, back)


def _done(request: ActorRequest, done: int, refused: list[Refusal], undo: str) -> HttpResponse:
    back = f"{reverse('incidents:list')}?{request.GET.urlencode()}" if "u" not in request.GET else ""
    context = {"done": done, "refused": refused, "undo": undo, "area": "calls",
               "back": back or reverse("incidents:list")}  # fmt: skip
    return respond(request, "incidents/bulk_done.html", "incidents/_bulk_done.html", context)


@allowed(Permission.INCIDENT_WORK, Permission.WORK_ASSIGN, Permission.INCIDENT_CLOSE)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, row by row."""
    refused, done = [], 0
    for pair in request.GET.get("u", "").split(",")[:MOST]:
        number, _colon, undo = pair.partition(":")
        if not undo.isdecimal():
            continue
        try:
            record = record_queries.by_number(request.actor, number)
            with door(request.actor) as at:
                records.undo(record, int(undo), actor=request.actor, at=at)
            done += 1
        except Refused as refusal:
            refused.append(Refusal(number, f"/incidents/{number}/", refusal.message))
    return _done(request, done, refused, "")
