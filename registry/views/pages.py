"""Components: page, edit, relations, service; component types under settings."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from journal.units import door
from kernel.errors import Refused, Unprocessable
from kernel.pages import go, respond, toast
from registry import commands, queries
from registry.forms import ComponentForm, RelationForm, ServiceForm, TypeForm, fields_as_text
from registry.models import Component


@allowed(Permission.REGISTRY_READ)
@require_GET
def component_page(request: ActorRequest, tag: str) -> HttpResponse:
    """What it is, what it needs, what stops when it stops, its records."""
    found = queries.component(tag)
    needs, needed_by = queries.relations_of(found)
    context = {
        "component": found, "service": queries.service_of(found), "needs": needs, "needed_by": needed_by,
        "impact": queries.impact(found.pk), "facts": queries.own_facts(found), "relation_form": RelationForm(),
        "may_edit": request.actor.may(Permission.REGISTRY_EDIT), "area": "components",
    }  # fmt: skip
    return render(request, "registry/component.html", context)


@allowed(Permission.REGISTRY_EDIT)
@require_http_methods(["GET", "POST"])
def component_edit(request: ActorRequest, tag: str = "") -> HttpResponse:
    """Add a component, or change one; another's change meanwhile is shown, nothing typed is lost."""
    found = queries.component(tag) if tag else None
    kind = found.type if found else queries.type_or_none(request.POST.get("type") or request.GET.get("type"))
    form = ComponentForm(request.POST or None, kind=kind, initial=queries.initial(found))
    status = 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                saved = _save(request, form, found)
                return go(request, reverse("registry:component", args=[saved.tag]))
            except Refused as refused:
                status = refused.status
                _show_refusal(form, refused)
    context = {"form": form, "component": found, "area": "components"}
    return respond(request, "registry/component_edit.html", "registry/_component_form.html", context, status=status)


def _save(request: ActorRequest, form: ComponentForm, found: Component | None) -> Component:
    with door(request.actor) as at:
        saved = commands.save_component(
            found, form.values(), seen_version=form.cleaned_data["version"], actor=request.actor, at=at
        )
    toast(request, _("Saved."))
    return saved


def _show_refusal(form: ComponentForm, refused: Refused) -> None:
    fields = refused.fields if isinstance(refused, Unprocessable) else {}
    for name, messages in fields.items():
        for message in messages:
            form.add_error(name if name in form.fields else f"own_{name}", message)
    if not fields:
        form.add_error(None, refused.message)


@allowed(Permission.REGISTRY_EDIT)
@require_POST
def relation_add(request: ActorRequest, tag: str) -> HttpResponse:
    """This component needs another one."""
    found, form = queries.component(tag), RelationForm(request.POST)
    if not form.is_valid():
        raise Unprocessable(" ".join(str(each) for errors in form.errors.values() for each in errors))
    with door(request.actor) as at:
        commands.relate(found, form.cleaned_data["kind"], form.cleaned_data["target"], actor=request.actor, at=at)
    return go(request, reverse("registry:component", args=[tag]))


@allowed(Permission.REGISTRY_EDIT)
@require_POST
def relation_remove(request: ActorRequest, tag: str, pk: int) -> HttpResponse:
    """A relation was wrong."""
    relation = queries.relation_of(queries.component(tag), pk)
    with door(request.actor) as at:
        commands.unrelate(relation, actor=request.actor, at=at)
    return go(request, reverse("registry:component", args=[tag]))


@allowed(Permission.REGISTRY_EDIT)
@require_http_methods(["GET", "POST"])
def service_edit(request: ActorRequest, tag: str) -> HttpResponse:
    """What the component promises as a service."""
    found = queries.component(tag)
    form = ServiceForm(request.POST or None, service=queries.service_of(found), pk=found.pk)
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.save_service(found, form.cleaned_data, actor=request.actor, at=at)
        return go(request, reverse("registry:component", args=[tag]))
    context = {"form": form, "component": found, "area": "components"}
    return render(request, "registry/service_edit.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SETTINGS_READ)
@require_GET
def types(request: ActorRequest) -> HttpResponse:
    """Component types and their fields."""
    may_edit = request.actor.may_somewhere(Permission.SETTINGS_EDIT)
    return render(request, "registry/types.html", {"types": queries.types(), "area": "settings", "may_edit": may_edit})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def type_edit(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change a type."""
    found = queries.type_by_code(code) if code else None
    initial = {}
    if found:
        names = {"name_en": "en", "name_sv": "sv", "name_zh": "zh-hans"}
        initial = {key: found.name.get(lang, "") for key, lang in names.items()}
        initial |= {"code": found.code, "fields_text": fields_as_text(found), "is_retired": bool(found.retired_at)}
    form = TypeForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.save_type(found, form.values(), actor=request.actor, at=at)
        return go(request, reverse("registry:types"))
    context = {"form": form, "type": found, "area": "settings"}
    return render(request, "registry/type_edit.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.REGISTRY_READ)
@require_GET
def picker(request: ActorRequest) -> HttpResponse:
    """Components for a picker."""
    found = queries.matching(request.GET.get("q", ""))
    options = [{"value": each.tag, "label": each.name, "detail": each.tag} for each in found]
    context = {"options": options, "name": request.GET.get("name", "component")}
    return render(request, "_components/picker_list.html", context)
