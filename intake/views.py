"""Settings pages of alerts, the inbox of refused messages, and the alerts of an incident."""

from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, allowed, signed_in
from accounts.roles import Permission
from intake import commands, queries
from intake.forms import RuleForm, SourceForm, TryForm, initial_of
from intake.signals import PARSERS, Unreadable, load_json
from journal.units import door
from kernel.pages import go, respond, toast
from kernel.paging import Key, page_of, place_of
from records.queries import by_number

SETTINGS = {"area": "settings"}


def _frame(request: ActorRequest) -> dict[str, Any]:
    return {**SETTINGS, "may_edit": request.actor.may_somewhere(Permission.SETTINGS_EDIT)}


@allowed(Permission.SETTINGS_READ)
@require_GET
def sources(request: ActorRequest) -> HttpResponse:
    """Monitoring systems that may raise alerts, and which of their rules cry wolf."""
    context = {"sources": queries.sources(), "false_alarms": queries.false_alarms(), **_frame(request)}
    return render(request, "intake/sources.html", context)


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def source(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change one."""
    found = queries.source(code) if code else None
    form = SourceForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.save_source(found, form.cleaned_data, actor=request.actor, at=at)
        toast(request, _("Saved."))
        return go(request, reverse("intake:sources"))
    context = {"form": form, "source": found, **SETTINGS}
    return render(request, "intake/source.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def source_retire(request: ActorRequest, code: str) -> HttpResponse:
    """Take a source out of use."""
    found = queries.source(code)
    with door(request.actor) as at:
        commands.retire_source(found, actor=request.actor, at=at)
    toast(request, _("%(name)s may no longer raise alerts.") % {"name": found.name})
    return go(request, reverse("intake:sources"))


@allowed(Permission.SETTINGS_READ)
@require_GET
def rules(request: ActorRequest) -> HttpResponse:
    """What severities mean, with a box to try a message."""
    return render(request, "intake/rules.html", {"rules": queries.rules(), "form": TryForm(), **_frame(request)})


@allowed(Permission.SETTINGS_READ)
@require_POST
def try_out(request: ActorRequest) -> HttpResponse:
    """What the rules would make of a message. Changes nothing."""
    form, context = TryForm(request.POST), dict[str, Any](rules=queries.rules(), **_frame(request))
    if form.is_valid():
        chosen = form.cleaned_data["source"]
        try:
            signals = PARSERS[chosen.format](load_json(form.cleaned_data["message"].encode()))
            context["tried"] = queries.tried(chosen, signals)
        except Unreadable as fault:
            form.add_error("message", fault.message)
    status = 200 if "tried" in context else 422
    return respond(request, "intake/rules.html", "intake/_try.html", {**context, "form": form}, status=status)


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def rule(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule."""
    found = queries.rule(pk) if pk else None
    form = RuleForm(request.POST or None, initial=initial_of(found))
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.save_rule(found, form.cleaned_data, actor=request.actor, at=at)
        toast(request, _("Saved."))
        return go(request, reverse("intake:rules"))
    context = {"form": form, "rule": found, **SETTINGS}
    return render(request, "intake/rule.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def rule_retire(request: ActorRequest, pk: int) -> HttpResponse:
    """Switch a rule off."""
    with door(request.actor) as at:
        commands.retire_rule(queries.rule(pk), actor=request.actor, at=at)
    return go(request, reverse("intake:rules"))


@allowed(Permission.SETTINGS_READ)
@require_GET
def inbox(request: ActorRequest) -> HttpResponse:
    """Messages that could not be taken in, each with its reason."""
    page = page_of(queries.refused_deliveries(), [Key("id", is_descending=True)], **place_of(request.GET))
    return render(request, "intake/inbox.html", {"page": page, **SETTINGS})


@allowed(Permission.SETTINGS_READ)
@require_GET
def delivery(request: ActorRequest, pk: int) -> HttpResponse:
    """One message as it came."""
    found = queries.delivery(pk)
    text = bytes(found.raw).decode("utf-8", errors="replace")
    return render(request, "intake/delivery.html", {"delivery": found, "text": text, **SETTINGS})


@allowed(Permission.RECORD_COMMENT_INTERNAL)
@require_GET
def alerts(request: ActorRequest, number: str) -> HttpResponse:
    """The alerts behind an incident, with their counts."""
    record = by_number(request.actor, number)
    context = {"record": record, "groups": queries.groups_of(record.pk), "area": "calls"}
    return respond(request, "intake/alerts.html", "intake/_alerts.html", context)


@signed_in
@require_POST
def false_alarm(request: ActorRequest, pk: int) -> HttpResponse:
    """The alert was wrong."""
    group = queries.group(request.actor, pk)
    with door(request.actor) as at:
        commands.mark_false_alarm(group, actor=request.actor, at=at)
    toast(request, _("Counted as a false alarm."))
    number = group.incident.record.number if group.incident else ""
    return go(request, f"/{number}")
