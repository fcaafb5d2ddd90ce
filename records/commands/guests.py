"""A guest turned out to be a known person: what the guest reported becomes that person's."""

from datetime import datetime

from accounts.models import User
from journal.units import command
from kernel.actor import Actor
from records.commands.edit import edit_fields
from records.commands.link import add_caller
from records.commands.record import lock, unshare
from records.models import Record, Watcher


@command
def hand_over_guest(guest: User, person: User, *, actor: Actor, at: datetime) -> int:
    """Requester and caller of the guest's records is the person from now on; returns how many records.

    Doing it again changes nothing.
    """
    called = Watcher.objects.filter(user=guest).values("record")
    own = {each.pk: each for each in Record.objects.filter(requester=guest)}
    found = own | {each.pk: each for each in Record.objects.filter(pk__in=called)}
    at = lock(*found.values(), at=at)
    for record in found.values():
        if record.requester_id == guest.pk:
            edit_fields(record, seen={}, values={"requester": person}, allowed=("requester",), actor=actor, at=at)
        was = Watcher.objects.filter(record=record, user=guest).first()
        if was is not None:
            was.delete()
            unshare(record, people=[guest.pk])
            if was.is_caller:
                add_caller(record, person, actor=actor, at=at)
    return len(found)
