"""People: added, changed, switched off and on, a guest merged into a person. Every change is an event of the person."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.core.exceptions import ValidationError
from django.core.validators import validate_email
from django.db import connection
from django.db.models import F
from django.utils.translation import gettext as _

from accounts import events
from accounts.commands.search import reindex
from accounts.models import Grant, Token, User, UserSession
from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound, Stale, Unprocessable

FACTS = ("name", "email", "phone", "staff_number", "unit", "location", "is_vip", "language", "zone", "kind")
"""What an administrator may change about a person; nothing else that is posted is looked at."""
KINDS = (User.Kind.PERSON.value, User.Kind.GUEST.value, User.Kind.INTEGRATION.value)
"""What an administrator adds; the system is nobody's account."""
ADMINISTRATORS = 0xAD_111_57
"""The advisory lock of `lock_administrators`."""
ONCE = {"email": "email__iexact", "staff_number": "staff_number"}


@command
def save_person(
    person: User | None, values: Mapping[str, Any], *, actor: Actor, at: datetime, seen: Mapping[str, Any] | None = None
) -> User:
    """Add a person, or change the given facts (`FACTS`). Unprocessable names the fields; needs people.edit.

    `seen` are the facts that the writer saw: what the writer left alone stays as it is now, and a fact that somebody
    else changed to another value meanwhile is Stale (409), with all such facts under `now`.
    """
    require(actor, Permission.PEOPLE_EDIT)
    found = locked_person(person.pk) if person else User(kind=User.Kind.PERSON)
    facts = {name: values[name] for name in FACTS if name in values}
    facts |= {name: facts[name] or None for name in ONCE if name in facts}
    if person is not None and seen is not None:
        facts = _written(found, facts, seen)
    _check(found, facts)
    before = {name: getattr(found, name) for name in facts}
    changed = {name: value for name, value in facts.items() if before[name] != value or person is None}
    for name, value in changed.items():
        setattr(found, name, value)
    if person is None:
        found.set_unusable_password()
        found.save()
        _note(found, events.PERSON_ADDED, actor, at, name=found.name, email=found.email)
    elif changed:
        found.save(update_fields=list(changed))
        old = {name: before[name] for name in changed}
        _note(found, events.PERSON_CHANGED, actor, at, before=old, after=changed)
    reindex(found)
    return found


def _written(person: User, facts: Mapping[str, Any], seen: Mapping[str, Any]) -> dict[str, Any]:
    """The facts that the writer changed; Stale when somebody else gave one of them another value."""
    written = {
        name: value for name, value in facts.items() if name not in seen or (seen[name] or None) != (value or None)
    }
    now = {name: getattr(person, name) for name in written if name in seen}
    late = {
        name: value for name, value in now.items() if (value or None) not in (seen[name] or None, written[name] or None)
    }
    if late:
        text = _("Somebody else has changed this person while you wrote. Compare, then save what is right.")
        raise Stale(text, facts={"now": late})
    return written


@command
def disable_person(person: User, *, actor: Actor, at: datetime) -> None:
    """Switch an account off: sessions and tokens end with this commit, other rooms hand work back (X5)."""
    require(actor, Permission.PEOPLE_EDIT)
    if person.pk == actor.id:
        raise Conflict(_("You cannot switch your own account off. Ask another administrator."))
    lock_administrators()
    found = locked_person(person.pk)
    if not found.is_active:
        return
    require_another_administrator(found)
    found.is_active, found.disabled_at = False, at
    found.save(update_fields=["is_active", "disabled_at"])
    UserSession.objects.filter(user=found).delete()
    Token.objects.filter(user=found, revoked_at=None).update(revoked_at=at)
    _note(found, events.DISABLED, actor, at)
    reindex(found)


@command
def enable_person(person: User, *, actor: Actor, at: datetime) -> None:
    """Switch an account on again. Tokens stay revoked, and a merged guest stays merged."""
    require(actor, Permission.PEOPLE_EDIT)
    found = locked_person(person.pk)
    if found.merged_into_id is not None:
        raise Conflict(_("This guest was merged into a person. Use the person's account."))
    if not found.is_active:
        found.is_active, found.disabled_at = True, None
        found.save(update_fields=["is_active", "disabled_at"])
        _note(found, events.ENABLED, actor, at)
        reindex(found)


@command
def merge_guest(guest: User, person: User, *, actor: Actor, at: datetime) -> None:
    """Say that an unknown caller was this person. The guest's records follow by the reactions of other rooms."""
    require(actor, Permission.PEOPLE_EDIT)
    first, second = sorted((guest.pk, person.pk))
    both = {pk: locked_person(pk) for pk in (first, second)}
    found, target = both[guest.pk], both[person.pk]
    if found.pk == target.pk or found.kind != User.Kind.GUEST or found.merged_into_id is not None:
        raise Conflict(_("Only a guest who is not merged yet can be merged."))
    if target.kind != User.Kind.PERSON or not target.is_active:
        raise Conflict(_("Choose a person whose account is switched on."))
    found.merged_into, found.is_active, found.disabled_at = target, False, at
    found.save(update_fields=["merged_into", "is_active", "disabled_at"])
    UserSession.objects.filter(user=found).delete()
    if found.phone and not target.phone:
        target.phone = found.phone
        target.save(update_fields=["phone"])
    _note(found, events.PERSON_MERGED, actor, at, into=target.pk)
    reindex(found)
    reindex(target)


@command
def end_sessions(person: User, *, actor: Actor, at: datetime, keep: str = "") -> int:
    """Sign the person out everywhere except in the session `keep`; one's own, or with people.edit. How many ended."""
    if person.pk != actor.id:
        require(actor, Permission.PEOPLE_EDIT)
    ended, _rows = UserSession.objects.filter(user=person).exclude(session_key=keep).delete()
    if ended:
        _note(person, events.SESSIONS_ENDED, actor, at, ended=ended)
    return ended


def locked_person(pk: int) -> User:
    """The person's row, locked; NotFound when there is none."""
    found = User.objects.select_for_update(no_key=True).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such person."))
    return found


def lock_administrators() -> None:
    """One at a time changes who administers: without this, two could each take the other's rights at once."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [ADMINISTRATORS])


def require_another_administrator(person: User) -> None:
    """Conflict when nobody else administers, so that nobody is locked out. `lock_administrators` is held."""
    rows = Grant.objects.filter(role="administrator", team=None, user__is_active=True, user__kind=User.Kind.PERSON)
    holders = set(rows.values_list("user_id", flat=True))
    if holders == {person.pk}:
        raise Conflict(_("This is the last administrator. Give the role to somebody else first."))


def rights_changed(user_id: int) -> None:
    """Pages and lists that depend on the person's rights are not to be reused. Person's row need not be locked."""
    User.objects.filter(pk=user_id).update(rights_version=F("rights_version") + 1)


def _check(person: User, facts: Mapping[str, Any]) -> None:
    faults: dict[str, list[str]] = {}
    if "name" in facts and not str(facts["name"]).strip():
        faults["name"] = [_("Write a name.")]
    if facts.get("email"):
        try:
            validate_email(facts["email"])
        except ValidationError:
            faults["email"] = [_("This is not an e-mail address. Write it like name@region.example.")]
    for name, lookup in ONCE.items():
        value = facts.get(name)
        if value and name not in faults and User.objects.filter(**{lookup: value}).exclude(pk=person.pk).exists():
            faults[name] = [_("Somebody else has it already. Each person has an own one.")]
    if fault := _kind_fault(person, facts.get("kind", person.kind)):
        faults["kind"] = [fault]
    if faults:
        raise Unprocessable(_("The person was not saved."), fields=faults)


def _kind_fault(person: User, kind: str) -> str:
    """A guest may turn out to be staff; nothing else becomes something else, because sign-in and history hang on it."""
    if kind not in KINDS:
        return _("Choose person, guest or integration.")
    if not person.pk or kind == person.kind or (person.kind, kind) == (User.Kind.GUEST, User.Kind.PERSON):
        return ""
    return _("Only a guest can become a person. Add a new account instead.")


def _note(person: User, code: str, actor: Actor, at: datetime, **data: Any) -> None:
    journal.note(("user", person.pk), code, actor=actor, at=at, **data)
