"""Pages of people and sign-in: profile, settings home, people, teams, roles, tokens."""

from typing import Any

from django import forms
from django.http import HttpResponse, HttpResponseRedirect
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST, require_safe

from accounts.commands import make_token, people, revoke_token, rotate_token
from accounts.context import first_page
from accounts.doors import ActorRequest, allowed, signed_in
from accounts.forms import GrantForm, PersonForm, ProfileForm, TeamForm, TeamsForm, TokenForm
from accounts.queries import directory
from accounts.roles import ROLES, Permission
from journal.units import door
from kernel.errors import Refused, Unprocessable
from kernel.pages import go, toast
from kernel.paging import Key, page_of

SETTINGS = {"area": "settings"}


@require_safe
@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """Everybody is sent to their own first page: the queue, the wall, or their records."""
    return HttpResponseRedirect(first_page(request.actor))


@signed_in
@require_http_methods(["GET", "POST"])
def profile(request: ActorRequest) -> HttpResponse:
    """Language, zone, looks, keys and quiet hours."""
    user = directory.person(request.actor.id)
    form = ProfileForm(request.POST or None, initial=ProfileForm.initial_of(user))
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            people.change_profile(user, form.values(user), actor=request.actor, at=at)
        toast(request, _("Saved."))
        return go(request, reverse("accounts:profile"))
    context = {"form": form, "person": user, "area": "profile"}
    return render(request, "accounts/profile.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.SETTINGS_READ, Permission.SETTINGS_EDIT, Permission.PEOPLE_EDIT, Permission.TOKENS_EDIT)
@require_GET
def settings_home(request: ActorRequest) -> HttpResponse:
    """All settings pages by group."""
    return render(request, "accounts/settings.html", {"groups": directory.SETTINGS_PAGES, **SETTINGS})


@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
@require_GET
def people_list(request: ActorRequest) -> HttpResponse:
    """People by name, with the words of the filter."""
    text, before = request.GET.get("q", ""), request.GET.get("before", "")
    rows = directory.people(text, is_active=False if request.GET.get("off") else None)
    page = page_of(
        rows, [Key("name"), Key("id")], cursor=before or request.GET.get("after", ""), is_backwards=bool(before)
    )
    return render(request, "accounts/people.html", {"page": page, "text": text, **SETTINGS})


@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
@require_http_methods(["GET", "POST"])
def person(request: ActorRequest, pk: int | None = None) -> HttpResponse:
    """One person: facts, teams, roles."""
    found = directory.person(pk) if pk else None
    initial = {name: getattr(found, name) for name in PersonForm.base_fields} if found else {}
    form = PersonForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.actor) as at:
                saved = people.save_person(found, form.cleaned_data, actor=request.actor, at=at)
            toast(request, _("Saved."))
            return go(request, reverse("accounts:person", args=[saved.pk]))
        except Unprocessable as refused:
            _show(form, refused)
    context: dict[str, Any] = {"form": form, "person": found, **SETTINGS}
    if found:
        context |= {
            "grants": directory.grants_of(found), "roles": ROLES, "grant_form": GrantForm(),
            "teams_form": TeamsForm(initial={"teams": directory.teams_of(found)}),
        }  # fmt: skip
    return render(request, "accounts/person.html", context, status=422 if form.is_bound else 200)


def _show(form: forms.Form, refused: Unprocessable) -> None:
    for name, messages in (refused.fields or {"": [refused.message]}).items():
        for message in messages:
            form.add_error(name if name in form.fields else None, message)


@allowed(Permission.PEOPLE_EDIT)
@require_POST
def person_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Teams, a role given or taken, switched off or on."""
    found = directory.person(pk)
    try:
        with door(request.actor) as at:
            _person_step(request, found, step, at)
    except Refused as refused:
        toast(request, refused.message)
    return go(request, reverse("accounts:person", args=[pk]))


def _person_step(request: ActorRequest, found: Any, step: str, at: Any) -> None:
    actor = request.actor
    if step in ("off", "on"):
        people.set_active(found, is_active=step == "on", actor=actor, at=at)
        return
    if step == "take":
        number = request.POST.get("grant", "")
        taken = directory.grant(found, int(number) if number.isdecimal() else 0)
        people.take_role(taken, actor=actor, at=at)
        return
    form = GrantForm(request.POST) if step == "grant" else TeamsForm(request.POST)
    if not form.is_valid():
        raise Unprocessable(_("Choose one of the list."))
    if step == "grant":
        people.grant_role(found, form.cleaned_data["role"], team=form.cleaned_data["team"], actor=actor, at=at)
    else:
        people.set_teams(found, form.cleaned_data["teams"], actor=actor, at=at)


@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
@require_GET
def teams(request: ActorRequest) -> HttpResponse:
    """Teams and how many belong to each."""
    return render(request, "accounts/teams.html", {"rows": directory.teams(), **SETTINGS})


@allowed(Permission.PEOPLE_EDIT)
@require_http_methods(["GET", "POST"])
def team(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change a team."""
    found = directory.team(code) if code else None
    initial: dict[str, Any] = {}
    if found:
        initial = {
            "code": found.code,
            "email": found.email,
            "is_desk": found.is_desk,
            "is_retired": bool(found.retired_at),
        }
        initial |= {
            f"name_{short}": found.name.get(full, "") for short, full in (("en", "en"), ("sv", "sv"), ("zh", "zh-hans"))
        }
    form = TeamForm(request.POST or None, initial=initial)
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            people.save_team(found, form.values(), actor=request.actor, at=at)
        return go(request, reverse("accounts:teams"))
    context = {"form": form, "team": found, **SETTINGS}
    return render(request, "accounts/team.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
@require_GET
def roles(request: ActorRequest) -> HttpResponse:
    """What each role may do, and how many hold it."""
    held = directory.holders()
    rows = [(role, sorted(role.permissions), held.get(code, 0)) for code, role in ROLES.items()]
    return render(request, "accounts/roles.html", {"rows": rows, **SETTINGS})


@allowed(Permission.TOKENS_EDIT)
@require_http_methods(["GET", "POST"])
def tokens(request: ActorRequest) -> HttpResponse:
    """Tokens in use; a new one is shown once."""
    form = TokenForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            with door(request.actor) as at:
                data = form.cleaned_data
                made = make_token(data["user"], name=data["name"], scopes=data["scopes"], actor=request.actor, at=at)
            return render(request, "accounts/token_made.html", {"made": made, **SETTINGS})
        except Unprocessable as refused:
            _show(form, refused)
    context = {"form": form, "tokens": directory.tokens(), **SETTINGS}
    return render(request, "accounts/tokens.html", context, status=422 if form.is_bound else 200)


@allowed(Permission.TOKENS_EDIT)
@require_POST
def token_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Replace or revoke a token."""
    found = directory.token(pk)
    with door(request.actor) as at:
        if step == "rotate":
            made = rotate_token(found, actor=request.actor, at=at)
            return render(request, "accounts/token_made.html", {"made": made, **SETTINGS})
        revoke_token(found, actor=request.actor, at=at)
    toast(request, _("The token opens nothing any more."))
    return go(request, reverse("accounts:tokens"))
