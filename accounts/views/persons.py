"""People: the list, one person, switching off, merging a guest."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts import commands
from accounts.doors import ActorRequest, allowed
from accounts.filters import PersonFilter
from accounts.forms import GrantForm, MemberForm, PersonForm
from accounts.models import User
from accounts.queries import people
from accounts.roles import Permission
from accounts.views.answers import SETTINGS, tried
from journal.units import door
from kernel.errors import Stale
from kernel.pages import Chip, Column, go, list_state, respond, toast
from kernel.paging import Key, page_of

COLUMNS = (
    Column("name", gettext_lazy("Name"), is_sortable=True, css="main"),
    Column("email", gettext_lazy("E-mail")),
    Column("phone", gettext_lazy("Phone"), css="c2"),
    Column("unit", gettext_lazy("Unit"), css="c2"),
    Column("teams", gettext_lazy("Teams")),
    Column("roles", gettext_lazy("Roles"), css="c3"),
    Column("staff_number", gettext_lazy("Staff number"), is_optional=True, css="num"),
    Column("created_at", gettext_lazy("Added"), is_optional=True, is_sortable=True),
)
STEPS: dict[str, Callable[..., object]] = {
    "off": commands.disable_person, "on": commands.enable_person, "sign-out": commands.end_sessions,
}  # fmt: skip


@require_safe
@allowed(Permission.PEOPLE_READ, Permission.PEOPLE_EDIT)
def people_list(request: ActorRequest) -> HttpResponse:
    """People by filter and sort, 50 a page."""
    state = list_state(request, columns=COLUMNS, sort="name")
    chosen = PersonFilter(request.GET, queryset=people.people()).named_form()
    keys = [Key(state.sort.removeprefix("-"), is_descending=state.sort.startswith("-")), Key("id")]
    page = page_of(chosen.qs, keys, cursor=state.cursor, is_backwards=state.is_backwards)
    extras = people.extras_for(row.pk for row in page.rows)
    chips = [
        Chip(f"{field.label}: {value}", state.without(name, value))
        for name, field in chosen.form.fields.items()
        for value in request.GET.getlist(name)
        if value
    ]
    context = {
        "state": state, "page": page, "form": chosen.form, "text": request.GET.get("q", ""), "chips": chips,
        "rows": [(row, extras[row.pk]) for row in page.rows], "may_edit": _may_edit(request), **SETTINGS,
    }  # fmt: skip
    return respond(request, "accounts/people.html", "accounts/_people_rows.html", context)


def _may_edit(request: ActorRequest) -> bool:
    return request.actor.may(Permission.PEOPLE_EDIT)


@require_http_methods(["GET", "POST"])
@allowed(Permission.PEOPLE_EDIT)
def person_new(request: ActorRequest) -> HttpResponse:
    """Add somebody."""
    return _edit(request, None)


@require_safe
@allowed(Permission.PEOPLE_READ, Permission.PEOPLE_EDIT)
def person(request: ActorRequest, pk: int) -> HttpResponse:
    """One person: facts, teams; for administrators roles, sessions and what may be done."""
    found = people.person_by_id(pk)
    context: dict[str, Any] = {"person": found, "memberships": people.memberships(found), **SETTINGS}
    if _may_edit(request):
        look = request.GET.get("look_into", "")
        context |= {
            "may_edit": True, "grants": people.grants(found), "member_form": MemberForm(prefix="member"),
            "grant_form": GrantForm(prefix="grant"), "sessions": people.sessions_of(found, after=timezone.now()),
            "look": look, "candidates": people.possible_persons(look) if look else [],
        }  # fmt: skip
    return render(request, "accounts/person.html", context)


@require_http_methods(["GET", "POST"])
@allowed(Permission.PEOPLE_EDIT)
def person_edit(request: ActorRequest, pk: int) -> HttpResponse:
    """Change somebody's facts."""
    return _edit(request, people.person_by_id(pk))


def _edit(request: ActorRequest, found: User | None) -> HttpResponse:
    start = PersonForm.start(found) if found else {"language": "en", "zone": "Europe/Stockholm", "kind": "person"}
    form, saved, status = PersonForm(request.POST or None, initial=start), [], 200

    def save() -> None:
        facts = dict(form.cleaned_data)
        seen = facts.pop("seen") or {}
        with door(request.actor) as at:
            saved.append(commands.save_person(found, facts, seen=seen, actor=request.actor, at=at))

    if request.method == "POST":
        try:
            status = 303 if tried(form, save) else 422
        except Stale as late:
            status = late.status
            form.show_now(late.facts["now"])
    if saved:
        toast(request, _("Saved."))
        return go(request, reverse("accounts:person", args=[saved[0].pk]))
    context = {"form": form, "person": found, **SETTINGS}
    return render(request, "accounts/person_edit.html", context, status=status)


@require_POST
@allowed(Permission.PEOPLE_EDIT)
def person_step(request: ActorRequest, pk: int, step: str) -> HttpResponse:
    """Switch an account off or on, or sign the person out everywhere."""
    found = people.person_by_id(pk)
    with door(request.actor) as at:
        STEPS[step](found, actor=request.actor, at=at)
    toast(request, _("Done. It counts from now."))
    return go(request, reverse("accounts:person", args=[pk]))


@require_POST
@allowed(Permission.PEOPLE_EDIT)
def person_merge(request: ActorRequest, pk: int) -> HttpResponse:
    """Say who a guest is."""
    guest, into = people.person_by_id(pk), request.POST.get("into", "")
    target = people.person_by_id(int(into) if into.isdecimal() else 0)
    with door(request.actor) as at:
        commands.merge_guest(guest, target, actor=request.actor, at=at)
    toast(request, _("%(guest)s is %(person)s from now on.") % {"guest": guest.name, "person": target.name})
    return go(request, reverse("accounts:person", args=[target.pk]))
