"""One's own profile: look, language, keys, quiet hours, second factor, where one is signed in."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone, translation
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts import commands
from accounts.commands.saved_views import choose_first_view
from accounts.context import AREAS
from accounts.doors import ActorRequest, signed_in
from accounts.forms import ProfileForm
from accounts.models import User
from accounts.queries import people
from accounts.views.answers import tried
from journal.units import door
from kernel.pages import go, toast


def _me(request: ActorRequest) -> User:
    return people.person_by_id(request.actor.id)


@require_http_methods(["GET", "POST"])
@signed_in
def profile(request: ActorRequest) -> HttpResponse:
    """Show and change it."""
    me = _me(request)
    form = ProfileForm(request.POST or None, initial=ProfileForm.start(me))

    def save() -> None:
        with door(request.actor) as at:
            commands.change_profile(form.values(), actor=request.actor, at=at)

    if request.method == "POST" and tried(form, save):
        with translation.override(form.cleaned_data["language"]):
            toast(request, _("Saved."))
        return go(request, reverse("accounts:profile"))
    context = {
        "form": form, "me": me, "area": "profile", "shell": _shell(request),
        "sessions": people.sessions_of(me, after=timezone.now()), "this_session": request.session.session_key,
        "has_second_factor": getattr(request.user, "has_second_factor", False),
        "teams": people.memberships(me), "roles": people.grants(me),
    }  # fmt: skip
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


def _shell(request: ActorRequest) -> str:
    staff = {each for name, needed in AREAS.items() if name != "can_settings" for each in needed}
    return "base.html" if any(request.actor.may_somewhere(each) for each in staff) else "portal.html"


@require_POST
@signed_in
def sign_out_elsewhere(request: ActorRequest) -> HttpResponse:
    """End all other sessions of this person."""
    with door(request.actor) as at:
        ended = commands.end_sessions(_me(request), keep=request.session.session_key or "", actor=request.actor, at=at)
    toast(request, _("Signed out in %(places)s other places.") % {"places": ended})
    return go(request, reverse("accounts:profile"))


@require_POST
@signed_in
def first_view(request: ActorRequest, pk: int) -> HttpResponse:
    """Open a list with this own view from now on, or no longer; back to the page that `next` names."""
    is_first = request.POST.get("first") == "1"
    with door(request.actor) as at:
        choose_first_view(pk, is_first=is_first, actor=request.actor, at=at)
    toast(request, _("The list opens with this view from now on.") if is_first else _("The list opens as usual again."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return go(request, back if is_ours else reverse("accounts:profile"))
