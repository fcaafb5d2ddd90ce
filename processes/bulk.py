"""One verb for many records: each in a transaction of its own, a result for each, Undo for those that can (UX 3.6)."""

from collections.abc import Callable, Sequence
from typing import Any, TypeVar

from django.forms import Form
from django.http import HttpResponse
from django.utils.translation import gettext as _

from accounts.doors import ActorRequest
from journal.units import database_now, door
from kernel.bulk import MOST, each_row, each_undo, ticked
from kernel.errors import Refused
from kernel.pages import respond
from kernel.paging import ordering
from processes.listing import BulkVerb, RecordList, frame
from records import commands as records
from records import queries as record_queries
from records.models import ProcessRecord, Undo

P = TypeVar("P", bound=ProcessRecord)


def bulk(request: ActorRequest, shown: RecordList[P]) -> HttpResponse:
    """The ticked records, or all that match; a verb that needs more asks for it first, on a page of its own."""
    verb = next((each for each in shown.verbs if each.name == request.POST.get("verb", "")), None)
    if verb is None:
        raise Refused(_("Choose what to do with the rows."))
    chosen, is_cut = _chosen(request, shown)
    is_asked = request.POST.get("go") == "1" or verb.form is Form
    form = verb.form(request.POST if is_asked else None)
    if not is_asked or not form.is_valid() or not chosen:
        return _ask(request, shown, verb, form, chosen, is_cut=is_cut)
    outcome = each_row(chosen, _one(request, verb, form.cleaned_data), named=lambda one: _named(shown, one))
    context = outcome.context(shown.process.url("bulk_undo")) | {"is_cut": is_cut}
    return _done(request, shown, context, f"?{request.GET.urlencode()}")


def bulk_undo(request: ActorRequest, shown: RecordList[P]) -> HttpResponse:
    """Take back what a bulk verb did, row by row."""

    def take_back(number: str, undo: int) -> None:
        record = record_queries.by_number(request.actor, number)
        with door(request.actor) as at:
            records.undo(record, undo, actor=request.actor, at=at)

    def named(number: str) -> tuple[str, str]:
        return number, shown.process.url("page", number)

    outcome = each_undo(request.POST.get("rows", ""), take_back, named=named)
    return _done(request, shown, outcome.context(""))


def _chosen(request: ActorRequest, shown: RecordList[P]) -> tuple[list[P], bool]:
    """The records, and whether more match than go at once."""
    process = shown.process
    if not request.POST.get("all_matching"):
        return process.by_ids(request.actor, ticked(request.POST.getlist("ids"))), False
    keys = shown.listed.keys_of(request.GET.get("sort", "due"))
    matching = shown.chosen(request, database_now()).qs.order_by(*ordering(keys))
    ids = list(matching.values_list("pk", flat=True)[: MOST + 1])
    return process.by_ids(request.actor, ids[:MOST]), len(ids) > MOST


def _ask(
    request: ActorRequest, shown: RecordList[P], verb: BulkVerb[P], form: Form, chosen: Sequence[P], *, is_cut: bool
) -> HttpResponse:
    context = {"verb": verb, "form": form, "chosen": chosen, "is_cut": is_cut, "query": request.GET.urlencode(),
               **frame(shown)}  # fmt: skip
    return respond(
        request, "processes/bulk.html", "processes/_bulk.html", context, status=422 if form.is_bound else 200
    )


def _one(request: ActorRequest, verb: BulkVerb[P], values: dict[str, Any]) -> Callable[[P], str]:
    def one(subject: P) -> str:
        with door(request.actor) as at:
            undo = verb.run(subject, values, actor=request.actor, at=at)
        return f"{subject.record.number}:{undo.pk}" if isinstance(undo, Undo) else ""

    return one


def _named(shown: RecordList[P], subject: P) -> tuple[str, str]:
    return subject.record.number, shown.process.page_url(subject)


def _done(request: ActorRequest, shown: RecordList[P], context: dict[str, Any], back: str = "") -> HttpResponse:
    context |= {"back": f"{shown.process.url('list')}{back}", **frame(shown)}
    return respond(request, "processes/bulk_done.html", "processes/_bulk_done.html", context)
