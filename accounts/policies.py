"""Who may do something: commands require, pages ask, with the same question (ARCHITECTURE 8)."""

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotAllowed


def allows(actor: Actor, permission: str, team: int | None = None) -> bool:
    """Whether the actor holds the permission everywhere or in that team; the system may do everything."""
    return actor.is_system or actor.may(permission, team)


def require(actor: Actor, permission: str, team: int | None = None, message: str = "") -> None:
    """NotAllowed (403) unless `allows`; `message` is the reason shown to the person."""
    if not allows(actor, permission, team):
        raise NotAllowed(message or _("Your role does not allow this. Ask an administrator if you need it."))


def holds(actor: Actor, permission: str) -> bool:
    """Whether the actor holds the permission everywhere or in some team: enough to be shown a way in."""
    return actor.is_system or actor.may_somewhere(permission)


def require_somewhere(actor: Actor, permission: str) -> None:
    """NotAllowed (403) unless `holds`; for what asks again for each thing that it does."""
    if not holds(actor, permission):
        raise NotAllowed(_("Your role does not allow this. Ask an administrator if you need it."))
