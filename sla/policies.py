"""Who may read and set promises."""

from accounts.policies import require
from accounts.roles import Permission
from kernel.actor import Actor


def require_edit(actor: Actor) -> None:
    """NotAllowed unless the actor may change settings."""
    require(actor, Permission.SETTINGS_EDIT)
