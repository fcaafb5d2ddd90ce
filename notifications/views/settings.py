"""Settings pages of rules and webhooks, and the log."""

from typing import Any

from django.http import HttpRequest, HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.utils.translation import ngettext
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from journal.units import door
from kernel.errors import Unprocessable
from kernel.pages import go, toast
from kernel.paging import Key, page_of, place_of
from notifications import commands, queries
from notifications.forms import RuleForm, WebhookForm, in_words
from notifications.models import Rule, Webhook


@allowed(Permission.SETTINGS_READ)
@require_GET
def rules(request: ActorRequest) -> HttpResponse:
    """All rules as sentences."""
    said = [(each, in_words(each)) for each in queries.rules()]
    return render(request, "notifications/rules.html", {"rules": said, **_frame(request)})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def rule(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a rule."""
    found = queries.rule(pk) if pk else None
    form = RuleForm(request.POST or None, initial=_initial(found, RuleForm))
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.save_rule(found, form.cleaned_data, actor=request.actor, at=at)
        return go(request, reverse("notifications:rules"))
    context = {"form": form, "rule": found, "area": "settings"}
    return render(request, "notifications/rule.html", context, status=422 if form.is_bound else 200)


def _initial(found: Rule | Webhook | None, shape: type[RuleForm] | type[WebhookForm]) -> dict[str, Any]:
    return {name: getattr(found, name) for name in shape.base_fields} if found else {}


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def rule_retire(request: ActorRequest, pk: int) -> HttpResponse:
    """Switch a rule off."""
    with door(request.actor) as at:
        commands.retire_rule(queries.rule(pk), actor=request.actor, at=at)
    toast(request, _("The rule is switched off."))
    return go(request, reverse("notifications:rules"))


@allowed(Permission.SETTINGS_READ)
@require_GET
def webhooks(request: ActorRequest) -> HttpResponse:
    """Where messages go out to, and whether they arrive."""
    return render(request, "notifications/webhooks.html", {"webhooks": queries.webhooks(), **_frame(request)})


@allowed(Permission.SETTINGS_EDIT)
@require_http_methods(["GET", "POST"])
def webhook(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    """Add or change a webhook; the secret of a new one is shown once."""
    found = queries.webhook(pk) if pk else None
    form = WebhookForm(request.POST or None, initial=_initial(found, WebhookForm))
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.actor) as at:
                saved = commands.save_webhook(found, form.cleaned_data, actor=request.actor, at=at)
            return _after_saving(request, saved, is_new=found is None)
        except Unprocessable as refused:
            form.add_error("url", refused.message)
    context = {"form": form, "webhook": found, "area": "settings"}
    return render(request, "notifications/webhook.html", context, status=422 if form.is_bound else 200)


def _after_saving(request: HttpRequest, saved: Webhook, *, is_new: bool) -> HttpResponse:
    if is_new:
        return render(request, "notifications/secret.html", {"webhook": saved, "area": "settings"})
    return go(request, reverse("notifications:webhooks"))


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def webhook_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Test, give a new secret, or switch off."""
    found = queries.webhook(pk)
    with door(request.actor) as at:
        if step == "test":
            commands.send_test(found, actor=request.actor, at=at)
        elif step == "rotate":
            commands.rotate_secret(found, actor=request.actor, at=at)
        else:
            commands.retire_webhook(found, actor=request.actor, at=at)
    if step == "rotate":
        return render(request, "notifications/secret.html", {"webhook": found, "area": "settings"})
    toast(
        request, _("Done. The log shows what becomes of it.") if step == "test" else _("The webhook is switched off.")
    )
    return go(request, reverse("notifications:deliveries" if step == "test" else "notifications:webhooks"))


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def resend_dead(request: ActorRequest) -> HttpResponse:
    """Send everything that was given up again, now that the receiver is back."""
    with door(request.actor) as at:
        count = commands.resend_dead(actor=request.actor, at=at)
    toast(request, ngettext("%(n)s message is sent again.", "%(n)s messages are sent again.", count) % {"n": count})
    return go(request, reverse("notifications:deliveries"))


@allowed(Permission.SETTINGS_READ)
@require_GET
def deliveries(request: ActorRequest) -> HttpResponse:
    """Every mail and webhook call: waiting, sent, dead, with its error."""
    state = request.GET.get("state", "")
    page = page_of(queries.log(state), [Key("id", is_descending=True)], **place_of(request.GET))
    context = {"page": page, "state": state, "dead": queries.dead_count(), **_frame(request)}
    return render(request, "notifications/deliveries.html", context)


@allowed(Permission.SETTINGS_EDIT)
@require_POST
def resend(request: ActorRequest, pk: int) -> HttpResponse:
    """Send one again."""
    with door(request.actor) as at:
        commands.resend(pk, actor=request.actor, at=at)
    toast(request, _("It is sent again within a few seconds."))
    return go(request, reverse("notifications:deliveries"))


def _frame(request: ActorRequest) -> dict[str, Any]:
    return {"area": "settings", "may_edit": request.actor.may_somewhere(Permission.SETTINGS_EDIT)}
