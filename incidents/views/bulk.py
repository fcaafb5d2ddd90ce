"""One verb for many incidents: each in a transaction of its own, a result for each, Undo for those that can."""

from collections.abc import Callable, Sequence
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
from kernel.bulk import MOST, each_row, each_undo, ticked
from kernel.errors import Refused
from kernel.pages import respond
from kernel.paging import ordering
from records import commands as records
from records import queries as record_queries
from records.models import Undo

Act = Callable[..., object]


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
    chosen, is_cut = _chosen(request)
    is_asked = request.POST.get("go") == "1" or verb == "close"
    form = BULK_FORMS[verb](request.POST if is_asked else None)
    if not is_asked or not form.is_valid() or not chosen:
        return _ask(request, verb, form, chosen, is_cut=is_cut)
    outcome = each_row(chosen, _one(request, ACTS[verb], form.cleaned_data), named=_named)
    context = outcome.context(reverse("incidents:bulk_undo")) | {"is_cut": is_cut}
    return _done(request, context, f"?{request.GET.urlencode()}")


def _chosen(request: ActorRequest) -> tuple[list[Incident], bool]:
    """The incidents, and whether more match than go at once."""
    if not request.POST.get("all_matching"):
        return listing.by_ids(request.actor, ticked(request.POST.getlist("ids"))), False
    keys = listing.keys_of(request.GET.get("sort", "due"))
    matching = filtered(request, database_now()).qs.order_by(*ordering(keys))
    ids = list(matching.values_list("pk", flat=True)[: MOST + 1])
    return listing.by_ids(request.actor, ids[:MOST]), len(ids) > MOST


def _ask(request: ActorRequest, verb: str, form: Form, chosen: Sequence[Incident], *, is_cut: bool) -> HttpResponse:
    label = next(each["label"] for each in BULK_VERBS if each["name"] == verb)
    context = {"verb": verb, "label": label, "form": form, "chosen": chosen, "is_cut": is_cut, "area": "calls",
               "query": request.GET.urlencode()}  # fmt: skip
    status = 422 if form.is_bound else 200
    return respond(request, "incidents/bulk.html", "incidents/_bulk.html", context, status=status)


def _one(request: ActorRequest, act: Act, values: dict[str, Any]) -> Callable[[Incident], str]:
    def one(incident: Incident) -> str:
        with door(request.actor) as at:
            undo = act(incident, values, actor=request.actor, at=at)
        return f"{incident.record.number}:{undo.pk}" if isinstance(undo, Undo) else ""

    return one


def _named(incident: Incident) -> tuple[str, str]:
    return incident.record.number, page_url(incident)


def _done(request: ActorRequest, context: dict[str, Any], back: str = "") -> HttpResponse:
    context |= {"area": "calls", "back": f"{reverse('incidents:list')}{back}"}
    return respond(request, "incidents/bulk_done.html", "incidents/_bulk_done.html", context)


@allowed(Permission.INCIDENT_WORK, Permission.WORK_ASSIGN, Permission.INCIDENT_CLOSE)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, row by row."""

    def take_back(number: str, undo: int) -> None:
        record = record_queries.by_number(request.actor, number)
        with door(request.actor) as at:
            records.undo(record, undo, actor=request.actor, at=at)

    outcome = each_undo(request.POST.get("rows", ""), take_back, named=lambda number: (number, f"/incidents/{number}/"))
    return _done(request, outcome.context(""))
