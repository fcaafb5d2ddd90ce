"""The agent console: a call becomes a correct, routed record before the caller hangs up (UX 3.4)."""

from typing import Any
from uuid import UUID, uuid4

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from incidents import commands
from incidents.forms.call import CallForm, typed
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.queries import call, console
from journal.units import database_now, door
from kernel.errors import Refused
from kernel.pages import go, respond, toast
from processes.answers import add_errors
from records import commands as records
from records.queries import choices

PAGE, FORM = "incidents/call.html", "incidents/_call_form.html"
DRAFTED = ("look_caller", "about", "description", "resolution", "priority_reason", "look_component", "caller",
           "component", "category", "channel", "nature", "impact", "urgency", "priority", "cause")  # fmt: skip
"""What of a call is kept while it is typed and chosen."""


@allowed(Permission.INCIDENT_LOG)
@require_http_methods(["GET", "POST"])
def new_call(request: ActorRequest) -> HttpResponse:
    """One call, one address: several at a time stand side by side in tabs, each with its own draft."""
    key = _key(request.GET.get("call", ""))
    if key is None:
        query = request.GET.copy()
        query["call"] = str(uuid4())
        return HttpResponseRedirect(f"{request.path}?{query.urlencode()}")
    if request.method == "POST":
        return _posted(request, key)
    draft = console.draft_of(request.actor, str(key))
    initial: dict[str, Any] = {"impact": 4, "urgency": 3, "channel": "phone", "nature": "fault"}
    initial["look_caller"] = request.GET.get("from", "")
    initial |= {name: request.GET[name] for name in ("about", "caller") if request.GET.get(name)}
    initial["component"] = console.component_id(request.GET.get("component", ""))
    return _page(request, key, CallForm(initial=initial | (draft.values if draft else {})))


def _posted(request: ActorRequest, key: UUID) -> HttpResponse:
    form, verb = CallForm(request.POST), request.POST.get("verb", "log")
    if request.POST.get("look"):
        return _page(request, key, CallForm(initial=request.POST.dict()))
    if verb.startswith("same:"):
        return _add_caller(request, key, form, verb.removeprefix("same:"))
    if not form.is_valid():
        return _page(request, key, form, status=422)
    try:
        with door(request.actor) as at:
            incident = _log(form, key, verb, actor=request.actor, at=at)
    except Refused as refusal:
        add_errors(form, refusal)
        return _page(request, key, form, status=refusal.status)
    done = _("%(number)s logged and resolved.") if verb == "resolve" else _("%(number)s logged.")
    toast(request, done % {"number": incident.record.number}, draft=f"call:{key}.about")
    return go(request, INCIDENTS.page_url(incident))


def _log(form: CallForm, key: UUID, verb: str, **door_values: Any) -> Incident:
    values = form.cleaned_data
    opening = commands.IncidentOpening(
        title=values["about"], description=values["description"], caller=values["caller"], guest=values["guest"],
        channel=values["channel"] or Incident.Channel.PHONE, nature=values["nature"] or Incident.Nature.FAULT,
        impact=values["impact"], urgency=values["urgency"],
        priority=values["priority"], priority_reason=values["priority_reason"], component=values["component"],
        category=values["category"], call_key=key,
    )  # fmt: skip
    if verb == "resolve":
        solved = {name: values[name] for name in ("cause", "resolution")}
        return commands.log_and_resolve(opening, **solved, **door_values)
    return commands.open_incident(opening, **door_values)


def _add_caller(request: ActorRequest, key: UUID, form: CallForm, number: str) -> HttpResponse:
    """The same fault: the caller joins that incident, and no new record is made."""
    form.fields["about"].required = False
    incident = INCIDENTS.by_number(request.actor, number)
    if not form.is_valid():
        return _page(request, key, form, status=422)
    try:
        with door(request.actor) as at:
            count = commands.add_caller(
                incident, form.cleaned_data["caller"], guest=form.cleaned_data["guest"], call_key=key,
                actor=request.actor, at=at,
            )  # fmt: skip
    except Refused as refusal:
        add_errors(form, refusal)
        return _page(request, key, form, status=refusal.status)
    toast(request, _("Caller %(n)s added to %(number)s.") % {"n": count, "number": number}, draft=f"call:{key}.about")
    return go(request, INCIDENTS.page_url(incident))


def _page(request: ActorRequest, key: UUID, form: CallForm, *, status: int = 200) -> HttpResponse:
    at = database_now()
    context = {
        "form": form, "call": key, "area": "calls", "drafted": DRAFTED,
        "draft": console.draft_of(request.actor, str(key)), "others": console.other_calls(request.actor, str(key)),
        **asdict_shallow(call.situation(request.actor, typed(form), at=at)),
    }  # fmt: skip
    return respond(request, PAGE, FORM, context, status=status)


def asdict_shallow(value: Any) -> dict[str, Any]:
    """The fields of a dataclass by name, as they are."""
    return {name: getattr(value, name) for name in value.__dataclass_fields__}


@allowed(Permission.INCIDENT_LOG)
@require_GET
def call_side(request: ActorRequest) -> HttpResponse:
    """What is known about what is typed so far: caller, same fault, component, promise. Reads only."""
    form = CallForm(initial=request.GET.dict())
    situation = call.situation(request.actor, typed(form), at=database_now())
    context = {"call": request.GET.get("call", ""), "is_update": True, **asdict_shallow(situation)}
    return render(request, "incidents/_call_side.html", context)


@allowed(Permission.INCIDENT_LOG)
@require_GET
def call_people(request: ActorRequest) -> HttpResponse:
    """People who fit, as choices; the only one is chosen already."""
    found = choices.find_people(request.GET.get("look_caller", ""))
    context = {
        "name": "caller", "options": choices.person_options(found.people),
        "value": found.only.pk if found.only else "",
        "nothing": _("Nobody known by that. Log the call, and they are kept as a guest."),
    }  # fmt: skip
    return render(request, "_components/picker_list.html", context)


@allowed(Permission.INCIDENT_LOG)
@require_GET
def call_components(request: ActorRequest) -> HttpResponse:
    """Components that fit, as choices."""
    look = request.GET.get("look_component", "")
    options = choices.component_options(choices.find_components(look))
    nothing = _("Nothing called “%(look)s”.") % {"look": look}
    return render(
        request, "_components/picker_list.html", {"name": "component", "options": options, "nothing": nothing}
    )


@allowed(Permission.INCIDENT_LOG)
@require_POST
def keep_draft(request: ActorRequest, key: UUID, field: str) -> HttpResponse:
    """What the agent types in a call is kept on the server, field by field (UX G9)."""
    if field not in DRAFTED:
        return HttpResponse(status=404)
    typed_now, kept = {field: request.POST.get("text", "")}, console.draft_of(request.actor, str(key))
    known = {**(kept.values if kept else {}), **typed_now}
    facts = {"title": (known.get("about") or known.get("look_caller") or "")[:120],
             "url": f"{reverse('incidents:new')}?call={key}"}  # fmt: skip
    with door(request.actor) as at:
        records.save_draft(key=f"call:{key}", values=typed_now, is_part=True, actor=request.actor, at=at, **facts)
    return HttpResponse(status=204)


def _key(text: str) -> UUID | None:
    try:
        return UUID(text)
    except ValueError:
        return None
