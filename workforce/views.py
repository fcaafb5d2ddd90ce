"""Settings pages of calendars, competences and people's working time."""

from collections.abc import Callable
from typing import Any

from django import forms
from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from journal.units import door
from kernel.errors import Refused, Unprocessable
from kernel.pages import go, toast
from workforce import commands, queries
from workforce.forms import (
    AbsenceForm,
    CalendarForm,
    CompetenceForm,
    HoldForm,
    ScheduleForm,
    days_text,
    names,
    weekly_text,
)

SETTINGS = {"area": "settings"}


def _frame(request: ActorRequest) -> dict[str, Any]:
    return {**SETTINGS, "may_edit": request.actor.may_somewhere(Permission.SETTINGS_EDIT)}


@allowed(Permission.SETTINGS_READ)
@require_GET
def calendars(request: ActorRequest) -> HttpResponse:
    """Opening hours in use."""
    rows = [(each, weekly_text(each)) for each in queries.calendars()]
    return render(request, "workforce/calendars.html", {"rows": rows, **_frame(request)})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def calendar(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change opening hours; running clocks are planned anew afterwards."""
    found = queries.calendar(code) if code else None
    initial: dict[str, Any] = {}
    if found:
        initial = {"code": found.code, "zone": found.zone, "country": found.country, "always_open": found.always_open}
        initial |= {f"name_{short}": found.name.get(lang, "") for short, lang in LANGUAGES}
        initial |= {"weekly": weekly_text(found), "days": days_text(queries.own_days(found))}
    form = CalendarForm(request.POST or None, initial=initial)

    def save(actor: Any, at: Any) -> None:
        if found:
            commands.edit_calendar(found, form.content(), actor=actor, at=at)
        else:
            commands.add_calendar(form.cleaned_data["code"], form.content(), actor=actor, at=at)

    if request.method == "POST" and _done(request, form, save):
        toast(request, _("Saved. Running clocks are planned anew within a minute."))
        return go(request, reverse("workforce:calendars"))
    context = {"form": form, "calendar": found, **SETTINGS}
    return render(request, "workforce/calendar.html", context, status=422 if form.is_bound else 200)


LANGUAGES = (("en", "en"), ("sv", "sv"), ("zh", "zh-hans"))


def _done(request: ActorRequest, form: forms.Form, save: Callable[[Any, Any], None]) -> bool:
    """Run the command when the form is right; what it refuses is shown at the form."""
    if not form.is_valid():
        return False
    try:
        with door(request.actor) as at:
            save(request.actor, at)
    except Unprocessable as refused:
        for name, messages in (refused.fields or {"": [refused.message]}).items():
            for message in messages:
                form.add_error(name if name in form.fields else None, message)
        return False
    return True


@allowed(Permission.SETTINGS_READ)
@require_GET
def competences(request: ActorRequest) -> HttpResponse:
    """Competences, and how many people hold each."""
    return render(request, "workforce/competences.html", {"rows": queries.competences(), **SETTINGS})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def competence(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change a competence."""
    found = queries.competence(code) if code else None
    initial: dict[str, Any] = {}
    if found:
        initial = {"code": found.code, "is_retired": bool(found.retired_at)}
        initial |= {f"name_{short}": found.name.get(lang, "") for short, lang in LANGUAGES}
    form = CompetenceForm(request.POST or None, initial=initial)

    def save(actor: Any, at: Any) -> None:
        data = form.cleaned_data
        commands.save_competence(
            found, code=data["code"], name=names(data), is_retired=data["is_retired"], actor=actor, at=at
        )

    if request.method == "POST" and _done(request, form, save):
        return go(request, reverse("workforce:competences"))
    context = {"form": form, "competence": found, **SETTINGS}
    return render(request, "workforce/competence.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.PEOPLE_EDIT, Permission.CAPACITY_READ)
@require_GET
def person(request: ActorRequest, pk: int) -> HttpResponse:
    """What somebody can do and when they are there."""
    return render(request, "workforce/person.html", _person_context(request, pk))


def _person_context(request: ActorRequest, pk: int) -> dict[str, Any]:
    found = queries.person(pk)
    return {
        "person": found, "held": queries.held(found), "schedules": queries.schedules(found),
        "absences": queries.absences(found), "hold_form": HoldForm(prefix="hold"),
        "schedule_form": ScheduleForm(prefix="schedule"), "absence_form": AbsenceForm(prefix="absence"),
        "may_edit": request.actor.may(Permission.PEOPLE_EDIT), **SETTINGS,
    }  # fmt: skip


@allowed(Permission.PEOPLE_EDIT)
@require_POST
def person_add(request: ActorRequest, pk: int, what: str) -> HttpResponse:
    """Note a competence, hours or an absence of somebody."""
    found = queries.person(pk)
    shapes: dict[str, type[forms.Form]] = {"hold": HoldForm, "schedule": ScheduleForm, "absence": AbsenceForm}
    verbs: dict[str, Callable[..., Any]] = {
        "hold": commands.hold_competence, "schedule": commands.set_schedule, "absence": commands.add_absence,
    }  # fmt: skip
    form = shapes[what](request.POST, prefix=what)

    def save(actor: Any, at: Any) -> None:
        data = dict(form.cleaned_data)
        target = [data.pop(name) for name in ("competence", "calendar") if name in data]
        verbs[what](found, *target, **data, actor=actor, at=at)

    if _done(request, form, save):
        return go(request, reverse("workforce:person", args=[pk]))
    context = {**_person_context(request, pk), f"{what}_form": form}
    return render(request, "workforce/person.html", context, status=422)


@allowed(Permission.PEOPLE_EDIT)
@require_POST
def person_drop(request: ActorRequest, pk: int, what: str, row: int) -> HttpResponse:
    """Take a competence or an absence away."""
    found = queries.person(pk)
    try:
        with door(request.actor) as at:
            if what == "hold":
                commands.drop_competence(queries.held_row(found, row), actor=request.actor, at=at)
            else:
                commands.drop_absence(queries.absence(found, row), actor=request.actor, at=at)
    except Refused as refused:
        toast(request, refused.message)
    return go(request, reverse("workforce:person", args=[pk]))
