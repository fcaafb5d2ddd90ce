"""One work item: pick next, why it stands where it stands, and every verb as a plain POST."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from coordination import commands as work
from coordination import policies
from coordination.forms import BoostForm, ReleaseForm, RouteForm, SkipForm, WaitForm
from coordination.models import WorkItem
from coordination.queries.explain import colleagues, explain
from coordination.queries.pairs import asks_about, partners
from coordination.queries.rows import size_of
from coordination.queries.words import needs_words, spoken, summary
from coordination.queries.work import person, work_item
from coordination.workflow import LABELS, OPEN, UNASSIGNED
from journal.units import door
from kernel.errors import Unprocessable
from kernel.pages import go, respond, toast
from records.queries.page import url_of
from workforce.queries import competences_held

WORKERS = (Permission.WORK_PICK, Permission.WORK_ASSIGN)


@allowed(Permission.WORK_PICK)
@require_POST
def pick_next(request: ActorRequest) -> HttpResponse:
    """The best work for this person, assigned and opened, with the reason."""
    try:
        with door(request.actor) as at:
            picked = work.pick_next(actor=request.actor, at=at)
    except work.PlacesFull as refused:
        toast(request, refused.message)
        return go(request, reverse("coordination:mine"))
    except work.NothingForYou as refused:
        toast(request, refused.message)
        return go(request, reverse("coordination:queue"))
    toast(request, why_picked(picked), undo=reverse("coordination:release", args=[picked.work_item.pk]))
    return go(request, url_of(picked.work_item.record))


def why_picked(picked: work.Picked) -> str:
    """The line with which the record opens: why this one, what was skipped and why, what was parked."""
    said = [_("You got this because: %(reasons)s.") % {"reasons": summary(spoken(picked.why))}]
    if picked.skipped:
        reasons = "; ".join(dict.fromkeys(miss.words for miss in picked.skipped[:3]))
        n = len(picked.skipped)
        above = ngettext(
            "%(n)s above it was not for you: %(reasons)s.", "%(n)s above it were not for you: %(reasons)s.", n
        )
        said.append(above % {"n": n, "reasons": reasons})
    if picked.parked is not None:
        said.append(_("%(number)s is parked until this ends.") % {"number": picked.parked.record.number})
    return " ".join(said)


@allowed(*WORKERS, Permission.RECORD_SEE_ALL)
@require_safe
def page(request: ActorRequest, pk: int) -> HttpResponse:
    """Why it stands where it stands, beside another one if asked, and what this person may do with it."""
    item = work_item(request.actor, pk)
    return _page(request, item)


def _page(request: ActorRequest, item: WorkItem, *, status: int = 200, **forms_used: forms.Form) -> HttpResponse:
    actor, at = request.actor, timezone.now()
    competences = competences_held(actor.id, at)
    names = {each.id: each.name for each in competences}
    context = {
        "area": "queue", "item": item, "record": item.record, "url": url_of(item.record),
        "why": explain(actor, item, at, beside=request.GET.get("with", "")), "beside": request.GET.get("with", ""),
        "needs": needs_words(item.needs, names), "size": size_of(item.estimate_minutes),
        "state_words": _(LABELS[item.state]), "is_mine": item.assignee_id == actor.id,
        "can_pick": policies.can_pick(actor, item),
        "can_assign": policies.can_assign(actor, item), "can_handle": policies.can_handle(actor, item),
        "can_boost": policies.can_boost(actor, item), "release_form": ReleaseForm(), "skip_form": SkipForm(),
        "wait_form": WaitForm(), "boost_form": BoostForm(),
        "route_form": RouteForm(None, competences=competences, work_item=item),
        "next": request.POST.get("next") or request.GET.get("next", ""), **_together(request, item, at),
    } | forms_used  # fmt: skip
    return respond(request, "coordination/work.html", "coordination/_work.html", context, status=status)


def _together(request: ActorRequest, item: WorkItem, at: datetime) -> dict[str, Any]:
    """Whom one could ask to do it together, and who was asked already."""
    is_mine = item.assignee_id == request.actor.id and item.state in OPEN
    may_ask = policies.can_pick(request.actor, item) and (is_mine or item.state in UNASSIGNED)
    asks = asks_about(item)
    asked = {each.colleague_id for each in asks if each.asker_id == request.actor.id and each.answer != "declined"}
    people = partners(item, request.actor.id, at) if may_ask else []
    return {"asks": asks, "me": request.actor.id, "may_ask": may_ask,
            "partners": [each for each in people if each.id not in asked]}  # fmt: skip


def _back(request: ActorRequest, item: WorkItem) -> str:
    """Where a verb leads: back to the list it was pressed on, else to the work item."""
    here = request.POST.get("next", "")
    return here if here.startswith("/") and not here.startswith("//") else reverse("coordination:work", args=[item.pk])


@allowed(Permission.WORK_PICK)
@require_POST
def take(request: ActorRequest, pk: int) -> HttpResponse:
    """Take this one, or start what one was assigned; then the record opens."""
    item = work_item(request.actor, pk)
    with door(request.actor) as at:
        work.take(item, actor=request.actor, at=at, override_reason=request.POST.get("override", ""))
    toast(request, _("%(number)s is yours.") % {"number": item.record.number}, undo=_release_url(item))
    return go(request, _back(request, item) if "next" in request.POST else url_of(item.record))


def _release_url(item: WorkItem) -> str:
    return reverse("coordination:release", args=[item.pk])


@allowed(*WORKERS)
@require_POST
def release(request: ActorRequest, pk: int) -> HttpResponse:
    """Back to the queue, with a reason after the first two minutes."""
    item, form = work_item(request.actor, pk), ReleaseForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=422, release_form=form)
    return _done(request, item, form, "release_form", lambda at: work.hand_back(
        item, reason=form.cleaned_data["reason"], note_text=form.cleaned_data["note"], actor=request.actor, at=at,
    ), _("%(number)s is back in the queue."))  # fmt: skip


@allowed(Permission.WORK_PICK)
@require_POST
def skip(request: ActorRequest, pk: int) -> HttpResponse:
    """Pass it over for a day, with one of five reasons."""
    item, form = work_item(request.actor, pk), SkipForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=422, skip_form=form)
    return _done(request, item, form, "skip_form", lambda at: work.skip(
        item, reason=form.cleaned_data["reason"], note_text=form.cleaned_data["note"], actor=request.actor, at=at,
    ), _("Pick next leaves %(number)s out for you until tomorrow."))  # fmt: skip


@allowed(*WORKERS)
@require_POST
def wait(request: ActorRequest, pk: int) -> HttpResponse:
    """On hold with a reason."""
    item, form = work_item(request.actor, pk), WaitForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=422, wait_form=form)
    return _done(request, item, form, "wait_form", lambda at: work.wait(
        item, reason=form.cleaned_data["reason"], until=form.cleaned_data["until"], actor=request.actor, at=at,
    ), _("%(number)s is on hold."))  # fmt: skip


@allowed(*WORKERS)
@require_POST
def resume(request: ActorRequest, pk: int) -> HttpResponse:
    """Go on with what waited."""
    item = work_item(request.actor, pk)
    with door(request.actor) as at:
        work.resume(item, actor=request.actor, at=at)
    toast(request, _("%(number)s is in progress again.") % {"number": item.record.number})
    return go(request, _back(request, item))


@allowed(Permission.WORK_BOOST)
@require_POST
def boost(request: ActorRequest, pk: int) -> HttpResponse:
    """Points with a reason until a time."""
    item, form = work_item(request.actor, pk), BoostForm(request.POST)
    if not form.is_valid():
        return _page(request, item, status=422, boost_form=form)
    return _done(request, item, form, "boost_form", lambda at: work.boost(
        item, points=form.cleaned_data["points"], reason=form.cleaned_data["reason"], expires_at=form.until(at),
        actor=request.actor, at=at,
    ), _("%(number)s is ranked again."))  # fmt: skip


@allowed(Permission.WORK_ASSIGN)
@require_POST
def route(request: ActorRequest, pk: int) -> HttpResponse:
    """Competences, size, site, earliest time, team."""
    item = work_item(request.actor, pk)
    form = RouteForm(request.POST, competences=competences_held(request.actor.id, timezone.now()), work_item=item)
    if not form.is_valid():
        return _page(request, item, status=422, route_form=form)
    return _done(request, item, form, "route_form", lambda at: work.route(
        item.record, task=item.task, actor=request.actor, at=at, **form.values(),
    ), _("%(number)s is routed."))  # fmt: skip


def _done(
    request: ActorRequest, item: WorkItem, form: forms.Form, name: str, verb: Callable[[datetime], object], said: str
) -> HttpResponse:
    """Run the verb; what it refuses about a field stands beside that field, what was typed stays."""
    try:
        with door(request.actor) as at:
            verb(at)
    except Unprocessable as refused:
        for key, messages in (refused.fields or {"": [refused.message]}).items():
            for message in messages:
                form.add_error(key if key in form.fields else None, message)
        return _page(request, work_item(request.actor, item.pk), status=422, **{name: form})
    toast(request, said % {"number": item.record.number})
    return go(request, _back(request, item))


@allowed(Permission.WORK_ASSIGN)
@require_http_methods(["GET", "POST"])
def assign(request: ActorRequest, pk: int) -> HttpResponse:
    """Choose who does it, those who fit first; what does not fit needs a coordinator's reason."""
    item, refusal = work_item(request.actor, pk), ""
    if request.method == "POST" and request.POST.get("person", "").isdecimal():
        try:
            return _assigned(request, item, int(request.POST["person"]))
        except work.DoesNotFit as refused:
            refusal = refused.message
    context: dict[str, Any] = {
        "area": "queue", "items": [item], "people": colleagues([item], timezone.now()), "action": request.path,
        "can_override": policies.can_override(request.actor, item), "refusal": refusal,
        "chosen": _number(request.POST.get("person", "")),
        "next": request.POST.get("next") or request.GET.get("next", ""),
        "can_see_hours": request.actor.may_somewhere(Permission.CAPACITY_READ),
    }  # fmt: skip
    status = 409 if refusal else 200
    return respond(request, "coordination/assign.html", "coordination/_assign.html", context, status=status)


def _assigned(request: ActorRequest, item: WorkItem, person_id: int) -> HttpResponse:
    with door(request.actor) as at:
        undo = work.assign(item, person(person_id), actor=request.actor, at=at,
                           override_reason=request.POST.get("override", ""))  # fmt: skip
    url = reverse("records:undo", args=[item.record.number, undo.pk]) if undo else ""
    said = _("%(number)s is assigned to %(name)s.")
    toast(request, said % {"number": item.record.number, "name": item.assignee}, undo=url)
    return go(request, _back(request, item))


def _number(text: str) -> int:
    return int(text) if text.isdecimal() else 0
