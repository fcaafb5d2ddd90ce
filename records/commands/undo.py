"""Take something back: a compensating command of the same person, within 60 s, while nothing else changed."""

from collections.abc import Callable, Mapping
from datetime import datetime, timedelta
from typing import Any, Protocol

from django.utils.translation import gettext as _

from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from records import events
from records.commands.record import lock, note
from records.models import Record, Undo

WINDOW = timedelta(seconds=60)


class Undoing(Protocol):
    """Puts back what an act changed, from what `offer_undo` was told about the time before it."""

    def __call__(
        self, record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime
    ) -> None:
        """Write the old values; the record is locked and has its version of `done_at`, when the act was done."""


_handlers: dict[str, Undoing] = {}


def undoes(code: str) -> Callable[[Undoing], Undoing]:
    """Register how acts of this code are taken back; the app that owns the columns does."""

    def register(function: Undoing) -> Undoing:
        if _handlers.setdefault(code, function) is not function:
            message = f"two ways to undo {code}"
            raise ValueError(message)
        return function

    return register


@command
def offer_undo(record: Record, code: str, *, before: Mapping[str, Any], actor: Actor, at: datetime) -> Undo | None:
    """Remember how to take back what was just done; call it last, with the record locked. `before` is plain JSON.

    None for the system, which takes nothing back.
    """
    if code not in _handlers:
        message = f"nothing undoes {code}"
        raise ValueError(message)
    if actor.is_system:
        return None
    return Undo.objects.create(
        record=record, user_id=actor.id, code=code, version=record.version, before=dict(before), at=at
    )


@command
def undo(record: Record, undo_id: int, *, actor: Actor, at: datetime) -> Undo:
    """Take an act back. NotFound unless it was this person's; Conflict when too late or the record moved on."""
    at = lock(record, at=at)
    offered = Undo.objects.filter(pk=undo_id, record=record, user_id=actor.id).first()
    if offered is None:
        raise NotFound(_("There is nothing to undo here."))
    if offered.undone_at is not None:
        return offered
    if at - offered.at > WINDOW or record.version != offered.version:
        raise Conflict(
            _("%(number)s has moved on since, so this cannot be undone any more. Change it by hand.")
            % {"number": record.number},
            code="too_late",
        )
    _handlers[offered.code](record, offered.before, done_at=offered.at, actor=actor, at=at)
    offered.undone_at = at
    offered.save(update_fields=["undone_at"])
    note(record, events.UNDONE, actor=actor, at=at, undone=offered.code, done_at=offered.at, before=offered.before)
    return offered
