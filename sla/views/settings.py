"""Settings of promises: a list with sentences, a form with what it would move, retire instead of delete."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from journal.units import database_now, door
from kernel.actor import Actor
from kernel.errors import NotFound, Unprocessable
from kernel.pages import go, toast
from records.queries import by_number
from sla import commands
from sla.forms import KIND, PauseForm, StepForm, TargetForm
from sla.queries import settings as queries
from sla.queries import versions, whatif

SETTINGS = {"area": "settings"}
Save = Callable[[Actor, datetime], Any]


@allowed(Permission.SETTINGS_READ)
@require_safe
def targets(request: ActorRequest) -> HttpResponse:
    """Promises as sentences, and a box that tries them on a real record."""
    rows = [(row, queries.target_sentence(row)) for row in queries.targets()]
    number = request.GET.get("number", "").strip()
    context = {"rows": rows, "number": number, "may_edit": _may_edit(request), **SETTINGS}
    return render(request, "sla/targets.html", context | _tried(request, number))


def _tried(request: ActorRequest, number: str) -> dict[str, Any]:
    if not number:
        return {}
    try:
        return {"tried": whatif.try_it(by_number(request.actor, number), at=database_now())}
    except NotFound as refused:
        return {"not_tried": refused.message}


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def target(request: ActorRequest, pk: int = 0) -> HttpResponse:
    """Add or change a promise; `check` shows what it would move before anything is saved."""
    row = queries.target(pk) if pk else None
    form = TargetForm(request.POST or None, initial=TargetForm.initial_of(row) if row else None)
    found = None
    if request.method == "POST" and "check" in request.POST and form.is_valid():
        found = whatif.impact(form.rule(pk), without=pk or None, at=database_now())
    elif request.method == "POST" and _done(request, form, lambda actor, at: _save_target(row, form, actor, at)):
        toast(request, _("Saved. Running clocks are planned anew within a minute."))
        return go(request, reverse("sla:targets"))
    context = {"form": form, "row": row, "impact": found, "back": reverse("sla:targets"), **SETTINGS}
    return render(request, "sla/target.html", context, status=_status(form, is_checked=found is not None))


def _save_target(row: Any, form: TargetForm, actor: Actor, at: datetime) -> None:
    commands.save_target(row, form.content(), actor=actor, at=at)


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def retire_target(request: ActorRequest, pk: int) -> HttpResponse:
    """No longer promised."""
    row = queries.target(pk)
    with door(request.actor) as at:
        commands.retire(row, actor=request.actor, at=at)
    toast(request, _("No longer promised. Running clocks are planned anew within a minute."))
    return go(request, reverse("sla:targets"))


@allowed(Permission.SETTINGS_READ)
@require_safe
def escalations(request: ActorRequest) -> HttpResponse:
    """Escalation steps as sentences."""
    shown = _version(request.GET.get("from", ""))
    steps = versions.steps_of(shown) if shown else queries.steps()
    rows = [(row, queries.step_sentence(row)) for row in steps]
    return render(request, "sla/escalations.html", {"rows": rows, **_versions(request, versions.STEPS, shown)})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def escalation(request: ActorRequest, pk: int = 0) -> HttpResponse:
    """Add or change an escalation step; running clocks keep theirs. `check` shows what it is for."""
    row = queries.step(pk) if pk else None
    form = StepForm(request.POST or None, initial=StepForm.initial_of(row) if row else None)

    def save(actor: Actor, at: datetime) -> None:
        commands.save_step(row, form.content(row.config if row else {}), actor=actor, at=at)

    found = None
    if request.method == "POST" and "check" in request.POST and form.is_valid():
        found = whatif.step_impact(form.step(), kind=KIND, at=database_now(), **form.asked())
    elif request.method == "POST" and _done(request, form, save):
        toast(request, _("Saved. Clocks that start from now on follow it."))
        return go(request, reverse("sla:escalations"))
    context = {"form": form, "row": row, "impact": found, "back": reverse("sla:escalations"), **SETTINGS}
    return render(request, "sla/escalation.html", context, status=_status(form, is_checked=found is not None))


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def retire_escalation(request: ActorRequest, pk: int) -> HttpResponse:
    """No longer a step for clocks that start from now on."""
    row = queries.step(pk)
    with door(request.actor) as at:
        commands.retire(row, actor=request.actor, at=at)
    toast(request, _("No longer in use. Clocks that run keep the step."))
    return go(request, reverse("sla:escalations"))


@allowed(Permission.SETTINGS_READ)
@require_safe
def pause_rules(request: ActorRequest) -> HttpResponse:
    """Which waiting reasons stop the clocks."""
    shown = _version(request.GET.get("from", ""))
    return render(request, "sla/pause_rules.html", _pause_context(request, PauseForm(), shown))


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def set_pause_rule(request: ActorRequest) -> HttpResponse:
    """Decide about one reason; `check` shows what that would do to records that wait for it."""
    form = PauseForm(request.POST)
    if "check" in request.POST and form.is_valid():
        found = whatif.pause_impact(kind=KIND, at=database_now(), **form.cleaned_data)
        return render(request, "sla/pause_rules.html", {**_pause_context(request, form), "impact": found})

    def save(actor: Actor, at: datetime) -> None:
        commands.save_pause_rule(kind=KIND, actor=actor, at=at, **form.cleaned_data)

    if _done(request, form, save):
        toast(request, _("Saved. Running clocks follow within a minute."))
        return go(request, reverse("sla:pause_rules"))
    return render(request, "sla/pause_rules.html", _pause_context(request, form), status=422)


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def restore(request: ActorRequest, version: int, key: str) -> HttpResponse:
    """Steps or pause rules of an earlier version come into force again, as a new version."""
    with door(request.actor) as at:
        commands.restore(key, version, seen=_version(request.POST.get("seen", "")), actor=request.actor, at=at)
    toast(request, _("Version %(version)s is in force again.") % {"version": version})
    return go(request, reverse("sla:escalations" if key == versions.STEPS else "sla:pause_rules"))


def _version(text: str) -> int:
    return int(text) if text.isdecimal() and len(text) < 9 else 0


def _versions(request: ActorRequest, key: str, shown: int) -> dict[str, Any]:
    """What every page with versions shows: those there are, the one in force, the one looked at."""
    found = versions.versions(key)
    newest = found[0].version if found else 0
    restores = "sla:escalations_restore" if key == versions.STEPS else "sla:pause_rules_restore"
    return {
        "versions": found, "version": newest, "shown": shown if shown != newest else 0, "restores": restores,
        "may_edit": _may_edit(request), **SETTINGS,
    }  # fmt: skip


def _pause_context(request: ActorRequest, form: PauseForm, shown: int = 0) -> dict[str, Any]:
    found = versions.pauses_of(shown) if shown else queries.pause_rules()
    rows = [(row, queries.pause_sentence(row)) for row in found]
    return {"rows": rows, "form": form, **_versions(request, versions.PAUSES, shown)}


def _may_edit(request: ActorRequest) -> bool:
    return request.actor.may_somewhere(Permission.SETTINGS_EDIT)


def _status(form: forms.Form, *, is_checked: bool = False) -> int:
    return 422 if form.is_bound and not is_checked else 200


def _done(request: ActorRequest, form: forms.Form, save: Save) -> bool:
    """Run the command when the form is right; what it refuses is shown at the form."""
    if not form.is_valid():
        return False
    try:
        with door(request.actor) as at:
            save(request.actor, at)
    except Unprocessable as refused:
        form.add_error(None, refused.message)
        return False
    return True
