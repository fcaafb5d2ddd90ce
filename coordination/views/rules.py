"""Queue rules under settings: the points, what other points would move, versions; limits of a person."""

from dataclasses import asdict

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import ActorRequest, allowed
from accounts.queries import setting_version
from accounts.roles import Permission
from coordination import commands as work
from coordination.forms import LimitsForm, ReasonsForm, RulesForm
from coordination.queries.limits import LIMITS, limits
from coordination.queries.preview import moves, rule_versions, rules_of_version
from coordination.queries.rank import RULES, rules
from coordination.queries.reasons import REASONS, SKIP, reasons, words_of
from coordination.queries.skips import SKIP_KEYS, skips_behind, skips_lately
from journal.units import door
from kernel.errors import Refused, Stale, Unprocessable
from kernel.pages import go, respond, toast
from kernel.paging import page_of, place_of

READ = (Permission.SETTINGS_READ, Permission.SETTINGS_EDIT)


@allowed(*READ)
@require_http_methods(["GET", "POST"])
def queue_rules(request: ActorRequest) -> HttpResponse:
    """See, try and save the rules of the rank; "what would move" changes nothing."""
    shown = request.GET.get("from", "")
    present = rules_of_version(int(shown)) if shown.isdecimal() and len(shown) < 9 else rules()
    start = asdict(present) | {"seen": setting_version(RULES)}
    form, moved, status = RulesForm(request.POST or None, initial=start), None, 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            if request.POST.get("verb") == "save":
                try:
                    return _saved(request, form)
                except Refused as refused:
                    form.add_error(None, refused.message)
                    status = refused.status
            else:
                moved, status = moves(request.actor, form.rules(), timezone.now()), 200
    context = {
        "area": "settings", "form": form, "moves": moved, "versions": rule_versions(), "version": rules().version,
        "may_edit": request.actor.may(Permission.SETTINGS_EDIT), "shown": shown if present != rules() else "",
        "seen": setting_version(RULES), "skips": skips_lately(timezone.now()),
    }  # fmt: skip
    return respond(request, "coordination/rules.html", "coordination/_rules.html", context, status=status)


@allowed(*READ)
@require_safe
def queue_skips(request: ActorRequest) -> HttpResponse:
    """The work behind one line of what was passed over, as far as the reader may read it."""
    rows = skips_behind(request.actor, request.GET.dict(), timezone.now())
    context = {
        "area": "settings", "page": page_of(rows, SKIP_KEYS, **place_of(request.GET)),
        "reason": words_of(SKIP, request.GET.get("reason", "")[:20]),
    }  # fmt: skip
    return render(request, "coordination/skips.html", context)


def _saved(request: ActorRequest, form: RulesForm) -> HttpResponse:
    with door(request.actor) as at:
        work.change_rules(form.rules(), seen=form.cleaned_data["seen"], actor=request.actor, at=at)
    toast(request, _("Saved. The queue is ranked again within a minute."))
    return go(request, reverse("coordination:queue_rules"))


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def queue_rules_restore(request: ActorRequest, version: int) -> HttpResponse:
    """Earlier points come into force again, as a new version."""
    with door(request.actor) as at:
        work.restore_rules(version, seen=_seen(request), actor=request.actor, at=at)
    toast(request, _("Version %(version)s is in force again. The queue is ranked again within a minute.")
          % {"version": version})  # fmt: skip
    return go(request, reverse("coordination:queue_rules"))


@allowed(*READ)
@require_http_methods(["GET", "POST"])
def queue_reasons(request: ActorRequest) -> HttpResponse:
    """See and save why work goes back, waits or is passed over."""
    form, status, problems = ReasonsForm(request.POST or None, present=reasons()), 200, []
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with door(request.actor) as at:
                    work.change_reasons(form.reasons(), seen=_seen(request), actor=request.actor, at=at)
            except (Stale, Unprocessable) as refused:
                problems, status = [{"text": refused.message, "id": ""}], refused.status
            else:
                toast(request, _("Saved."))
                return go(request, reverse("coordination:queue_reasons"))
    context = {
        "area": "settings", "lists": form.described(), "problems": problems,
        "seen": _seen(request) if request.method == "POST" else setting_version(REASONS),
        "may_edit": request.actor.may(Permission.SETTINGS_EDIT),
    }  # fmt: skip
    return respond(request, "coordination/reasons.html", "coordination/_reasons.html", context, status=status)


def _seen(request: ActorRequest) -> int:
    text = request.POST.get("seen", "")
    return int(text) if text.isdecimal() and len(text) < 9 else 0


@allowed(*READ)
@require_http_methods(["GET", "POST"])
def queue_limits(request: ActorRequest) -> HttpResponse:
    """See and save what one person may be given."""
    start = asdict(limits()) | {"seen": setting_version(LIMITS)}
    form, status = LimitsForm(request.POST or None, initial=start), 200
    if request.method == "POST":
        status = 422
        if form.is_valid():
            try:
                with door(request.actor) as at:
                    work.change_limits(form.limits(), seen=form.cleaned_data["seen"], actor=request.actor, at=at)
            except Refused as refused:
                form.add_error(None, refused.message)
                status = refused.status
            else:
                toast(request, _("Saved."))
                return go(request, reverse("coordination:queue_limits"))
    context = {"area": "settings", "form": form, "may_edit": request.actor.may(Permission.SETTINGS_EDIT)}
    return respond(request, "coordination/limits.html", "coordination/_limits.html", context, status=status)
