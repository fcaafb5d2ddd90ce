"""Settings of incidents: the priority matrix, closing rules, categories (UX 3.17)."""

from dataclasses import asdict

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import ActorRequest, allowed
from accounts.queries import setting_version
from accounts.roles import Permission
from incidents import commands
from incidents.forms.settings import CategorySettingsForm, ClosingForm, MatrixForm
from incidents.queries import rules, settings
from journal.units import door
from kernel.errors import NotAllowed, Refused
from kernel.pages import go, respond, toast
from processes.answers import add_errors
from records.commands.category import save_category

READ = (Permission.SETTINGS_READ, Permission.SETTINGS_EDIT)


@allowed(*READ)
@require_http_methods(["GET", "POST"])
def matrix(request: ActorRequest) -> HttpResponse:
    """Impact × urgency → priority; says before saving that no open incident moves."""
    form, status = MatrixForm(request.POST or None, matrix=rules.matrix()), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with door(request.actor) as at:
                    changed = commands.set_matrix(form.cells(), seen=form.cells_seen(), actor=request.actor, at=at)
            except Refused as refusal:
                status = _show(form, refusal)
            else:
                toast(request, _("Saved: %(n)s priorities changed.") % {"n": changed})
                return go(request, reverse("incidents:matrix"))
    context = {"form": form, "open_count": settings.open_assessed(), **_frame(request)}
    return respond(request, "incidents/matrix.html", "incidents/_matrix.html", context, status=status)


@allowed(*READ)
@require_http_methods(["GET", "POST"])
def closing(request: ActorRequest) -> HttpResponse:
    """When resolved incidents close by themselves, how long they may be reopened."""
    start = asdict(rules.closing_rules()) | {"seen": setting_version(rules.RULES_KEY)}
    form, status = ClosingForm(request.POST or None, initial=start), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with door(request.actor) as at:
                    seen = form.cleaned_data["seen"]
                    commands.set_closing_rules(form.rules(), seen=seen, actor=request.actor, at=at)
            except Refused as refusal:
                status = _show(form, refusal)
            else:
                toast(request, _("Saved. Incidents resolved from now on follow it."))
                return go(request, reverse("incidents:closing"))
    context = {"form": form, **_frame(request)}
    return respond(request, "incidents/closing.html", "incidents/_closing.html", context, status=status)


@allowed(*READ)
@require_safe
def categories(request: ActorRequest) -> HttpResponse:
    """What incidents can be about."""
    context = {"categories": settings.all_categories(), **_frame(request)}
    return respond(request, "incidents/categories.html", "incidents/_categories.html", context)


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def category(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add a category, or change one."""
    found = settings.category_by_code(code) if code else None
    form, status = CategorySettingsForm(request.POST or None, category=found), 200
    if form.is_bound:
        status = 422
        if form.is_valid():
            try:
                with door(request.actor) as at:
                    new = form.cleaned_data.get("code", code)
                    save_category(found, form.values(), kind="incident", code=new, actor=request.actor, at=at)
            except Refused as refusal:
                status = _show(form, refusal)
            else:
                toast(request, _("Saved."))
                return go(request, reverse("incidents:categories"))
    context = {"form": form, "category": found, **_frame(request)}
    return respond(request, "incidents/category.html", "incidents/_category.html", context, status=status)


def _show(form: MatrixForm | ClosingForm | CategorySettingsForm, refusal: Refused) -> int:
    """The refusal in the form; one about rights is the page's."""
    if isinstance(refusal, NotAllowed):
        raise refusal
    add_errors(form, refusal)
    return refusal.status


def _frame(request: ActorRequest) -> dict[str, object]:
    return {"area": "settings", "may_edit": request.actor.may(Permission.SETTINGS_EDIT)}
