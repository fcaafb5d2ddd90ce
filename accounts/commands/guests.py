"""People whom nobody knows yet: they call, and get an account that cannot sign in."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.commands.search import reindex
from accounts.models import User
from accounts.policies import require
from accounts.roles import Permission
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable


@command
def add_guest(*, name: str, actor: Actor, at: datetime, phone: str = "") -> User:
    """An unknown caller as a person of kind guest, mergeable into a known one later. Needs the right to log calls."""
    if not actor.may_somewhere(Permission.INCIDENT_LOG):
        require(actor, Permission.INCIDENT_LOG)
    name = " ".join(name.split())[:120]
    if not name:
        message = _("Say who calls: a name is enough.")
        raise Unprocessable(message, fields={"name": [message]})
    guest = User.objects.create(kind=User.Kind.GUEST, name=name, phone=phone[:40])
    reindex(guest)
    return guest
