"""Who may do something with work. Commands require, pages ask, the same functions (ARCHITECTURE 8)."""

from collections.abc import Callable

from django.utils.translation import gettext as _

from accounts.roles import Permission
from coordination.models import WorkItem
from kernel.actor import Actor
from kernel.errors import NotAllowed


def can_pick(actor: Actor, work_item: WorkItem) -> bool:
    """Take the work item for oneself; work of a team needs the right in that team."""
    if work_item.team_id is None:
        return actor.may_somewhere(Permission.WORK_PICK)
    return actor.may(Permission.WORK_PICK, work_item.team_id)


def can_assign(actor: Actor, work_item: WorkItem) -> bool:
    """Give the work item to somebody, route it, take it from somebody."""
    return actor.is_system or actor.may(Permission.WORK_ASSIGN, work_item.team_id)


def can_handle(actor: Actor, work_item: WorkItem) -> bool:
    """Wait, go on, hand back: whoever has it, and those who assign."""
    return work_item.assignee_id == actor.id or can_assign(actor, work_item)


def can_boost(actor: Actor, work_item: WorkItem) -> bool:
    """Lift or lower the rank."""
    return actor.is_system or actor.may(Permission.WORK_BOOST, work_item.team_id)


def can_override(actor: Actor, work_item: WorkItem) -> bool:
    """Give somebody more than fits, or what needs a competence that they lack, with a reason."""
    return actor.is_system or actor.may(Permission.WORK_OVERRIDE, work_item.team_id)


def require(can: Callable[[Actor, WorkItem], bool], actor: Actor, work_item: WorkItem, message: str = "") -> None:
    """NotAllowed (403) with the reason when `can` says no."""
    if not can(actor, work_item):
        raise NotAllowed(message or _("Only whoever has this work, or a coordinator, can do this."))


def require_picker(actor: Actor) -> None:
    """NotAllowed (403) for a person who takes no work from the queue."""
    if not actor.may_somewhere(Permission.WORK_PICK):
        raise NotAllowed(_("Your role does not take work from the queue. Ask a coordinator if you should."))
