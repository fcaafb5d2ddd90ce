"""What everybody may change about themselves: how pages look and speak, keys, quiet hours."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from accounts import events
from accounts.commands.people import locked_person
from accounts.models import User
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import NotAllowed

OWN = ("language", "zone", "theme", "density", "keys", "quiet_hours", "phone")
"""The fields of a profile; name, e-mail and everything else belong to the administrator."""


@command
def change_profile(values: Mapping[str, Any], *, actor: Actor, at: datetime) -> User:
    """Change one's own profile; fields that are not in `OWN` are not looked at."""
    if actor.id <= 0:
        raise NotAllowed("The system has no profile.")
    person = locked_person(actor.id)
    changed = {name: values[name] for name in OWN if name in values and values[name] != getattr(person, name)}
    if changed:
        before = {name: getattr(person, name) for name in changed}
        for name, value in changed.items():
            setattr(person, name, value)
        person.save(update_fields=list(changed))
        journal.note(("user", person.pk), events.PERSON_CHANGED, actor=actor, at=at, before=before, after=changed)
    return person
