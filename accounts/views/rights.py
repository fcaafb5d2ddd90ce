"""Teams, memberships, roles and tokens."""

from datetime import UTC, datetime, time

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import commands
from accounts.doors import ActorRequest, allowed
from accounts.forms import GrantForm, MemberForm, TeamForm, TokenForm
from accounts.models import User
from accounts.queries import people
from accounts.roles import ROLES, Permission, permission_words
from accounts.views.answers import SETTINGS, tried
from journal.units import door
from kernel.errors import Unprocessable
from kernel.pages import go, toast


@require_safe
@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
def teams(request: ActorRequest) -> HttpResponse:
    """All teams with the number of their members."""
    counts = people.member_counts()
    rows = [(team, counts.get(team.pk, 0)) for team in people.teams()]
    may_edit = request.actor.may(Permission.PEOPLE_EDIT)
    return render(request, "accounts/teams.html", {"rows": rows, "may_edit": may_edit, **SETTINGS})


@require_http_methods(["GET", "POST"])
@allowed(Permission.PEOPLE_EDIT)
def team(request: ActorRequest, code: str = "") -> HttpResponse:
    """Add or change a team; who belongs to it."""
    found = people.team_by_code(code) if code else None
    form = TeamForm(request.POST or None, initial=TeamForm.start(found) if found else {})

    def save() -> None:
        with door(request.actor) as at:
            commands.save_team(found, **form.values(), actor=request.actor, at=at)

    if request.method == "POST" and tried(form, save):
        toast(request, _("Saved."))
        return go(request, reverse("accounts:teams"))
    context = {"form": form, "team": found, "members": people.members(found) if found else [], **SETTINGS}
    return render(request, "accounts/team.html", context, status=422 if form.is_bound else 200)


@require_POST
@allowed(Permission.PEOPLE_EDIT)
def rights_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Somebody joins or leaves a team, is given a role or loses it."""
    found = people.person_by_id(pk)
    with door(request.actor) as at:
        RIGHTS[step](request, found, at)
    toast(request, _("Done. It counts from now."))
    return go(request, reverse("accounts:person", args=[pk]))


def _join(request: ActorRequest, found: User, at: datetime) -> None:
    form = MemberForm(request.POST, prefix="member")
    if not form.is_valid():
        raise Unprocessable(_("Choose a team of the list."))
    commands.set_member(found, **form.cleaned_data, actor=request.actor, at=at)


def _leave(request: ActorRequest, found: User, at: datetime) -> None:
    commands.drop_member(found, people.team_by_code(request.POST.get("team", "")), actor=request.actor, at=at)


def _grant(request: ActorRequest, found: User, at: datetime) -> None:
    form = GrantForm(request.POST, prefix="grant")
    if not form.is_valid():
        raise Unprocessable(_("Choose a role of the list, and a team or none."))
    data = form.cleaned_data
    commands.grant_role(found, data["role"], team=data["team"], actor=request.actor, at=at)


def _take(request: ActorRequest, found: User, at: datetime) -> None:
    number = request.POST.get("grant", "")
    grant = people.grant_of(found, int(number) if number.isdecimal() else 0)
    commands.take_role(grant, actor=request.actor, at=at)


RIGHTS = {"join": _join, "leave": _leave, "grant": _grant, "take": _take}


@require_safe
@allowed(Permission.PEOPLE_EDIT, Permission.SETTINGS_READ)
def roles(request: ActorRequest) -> HttpResponse:
    """What each role may do, and who has it. Roles are code, reviewed like code; they are given, not edited."""
    holders = people.holders()
    rows = [(role, permission_words(role), holders.get(role.code, [])) for role in ROLES.values()]
    return render(request, "accounts/roles.html", {"rows": rows, **SETTINGS})


@require_http_methods(["GET", "POST"])
@allowed(Permission.TOKENS_EDIT)
def tokens(request: ActorRequest) -> HttpResponse:
    """All tokens, and a new one; its text is shown in this one answer only."""
    form, made = TokenForm(request.POST or None), []

    def save() -> None:
        data = form.cleaned_data
        ends = datetime.combine(data["expires_at"], time.max, UTC) if data["expires_at"] else None
        with door(request.actor) as at:
            made.append(
                commands.make_token(
                    data["user"], name=data["name"], scopes=data["scopes"], expires_at=ends,
                    actor=request.actor, at=at,
                )
            )  # fmt: skip

    is_saved = request.method == "POST" and tried(form, save)
    shown = TokenForm() if is_saved else form
    context = {
        "form": shown,
        "made": made[0] if made else None,
        "tokens": people.tokens(),
        **SETTINGS,
    }
    response = render(request, "accounts/tokens.html", context, status=422 if shown.is_bound else 200)
    response["Cache-Control"] = "no-store"
    return response


@require_POST
@allowed(Permission.TOKENS_EDIT)
def token_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Replace a token, or revoke it."""
    found = people.token_by_id(pk)
    with door(request.actor) as at:
        if step == "rotate":
            made = commands.rotate_token(found, actor=request.actor, at=at)
        else:
            commands.revoke_token(found, actor=request.actor, at=at)
            made = None
    if made is None:
        toast(request, _("The token no longer works."))
        return go(request, reverse("accounts:tokens"))
    context = {"form": TokenForm(), "made": made, "tokens": people.tokens(), **SETTINGS}
    response = render(request, "accounts/tokens.html", context)
    response["Cache-Control"] = "no-store"
    return response
