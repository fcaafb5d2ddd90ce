"""Who may: the form of every rule of a process, and how commands ask it (ARCHITECTURE 8)."""

from collections.abc import Callable
from typing import TypeVar

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound
from records import policies as records
from records.models import ProcessRecord

P = TypeVar("P", bound=ProcessRecord)


def require(rule: Callable[[Actor, P], bool], actor: Actor, subject: P, message: str = "") -> None:
    """NotFound (404) for a record that the actor may not see, NotAllowed (403) when the rule says no."""
    number = subject.record.number
    if not records.can_see(actor, subject.record):
        raise NotFound(_("No record %(number)s.") % {"number": number})
    if not rule(actor, subject):
        raise NotAllowed(message or _("You can read %(number)s, but not change this.") % {"number": number})


def require_internal(actor: Actor, subject: ProcessRecord) -> None:
    """NotAllowed for requesters: this part of the page is for staff."""
    require(lambda who, which: records.can_read_internal(who, which.record), actor, subject)
