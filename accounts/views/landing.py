"""The first page, and the page of all settings."""

from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts import commands, options, queries
from accounts.context import AREAS, first_page
from accounts.doors import ActorRequest, allowed, signed_in
from accounts.forms import SignInForm
from accounts.policies import require
from accounts.roles import Permission
from accounts.settings_index import index_for
from accounts.views.answers import SETTINGS, tried
from journal.units import door
from kernel.pages import go, toast


@require_safe
@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """Everybody is sent to their own first page: the queue, the wall, or their records."""
    return HttpResponseRedirect(first_page(request.actor))


@require_safe
@allowed(*AREAS["can_settings"])
def settings_home(request: ActorRequest) -> HttpResponse:
    """All settings pages that this person may open, grouped; with a search."""
    words = request.GET.get("q", "")
    context = {"groups": index_for(request.actor, words), "words": words, **SETTINGS}
    return render(request, "accounts/settings.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Permission.SETTINGS_READ)
def sign_in(request: ActorRequest) -> HttpResponse:
    """Limits of sessions and the second factor."""
    now = queries.setting(options.KEY, options.SignInOptions)
    start = {name: getattr(now, name) for name in ("idle_minutes", "longest_hours", "token_days")}
    start |= {"second_factor_roles": list(now.second_factor_roles), "seen": queries.setting_version(options.KEY)}
    if request.method == "POST":
        require(request.actor, Permission.SETTINGS_EDIT)
    form = SignInForm(request.POST if request.method == "POST" else None, initial=start)

    def save() -> None:
        data = dict(form.cleaned_data)
        seen, roles = data.pop("seen"), tuple(data.pop("second_factor_roles"))
        value = options.SignInOptions(second_factor_roles=roles, **data)
        with door(request.actor) as at:
            commands.change_setting(options.KEY, value, seen=seen, actor=request.actor, at=at)

    if request.method == "POST" and tried(form, save):
        toast(request, _("Saved. It counts from the next page that anybody opens."))
        return go(request, reverse("accounts:sign_in"))
    may_edit = request.actor.may_somewhere(Permission.SETTINGS_EDIT)
    context = {"form": form, "now": now, "may_edit": may_edit, **SETTINGS}
    return render(request, "accounts/sign_in.html", context, status=422 if form.is_bound else 200)
