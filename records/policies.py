"""Who may read and write on a record. Commands require, pages ask, the same functions (ARCHITECTURE 8)."""

from collections.abc import Callable, Collection, Iterable

from django.utils.translation import gettext as _

from accounts.roles import Permission
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound
from records.models import Record, Watcher

WRITE_SCOPE = "records:write"
"""What a token needs for the verbs that every reader of a record has, such as a requester's reply."""


def can_see(actor: Actor, record: Record) -> bool:
    """The same answer as `records.queries.visible_to`, for a record at hand."""
    if actor.is_system or (actor.see_all and not record.confidential_class):
        return True
    return not set(actor.audience).isdisjoint(record.audience)


def is_party(actor: Actor, record: Record, called: Collection[int] | None = None) -> bool:
    """Whether the record is this person's own: requester or caller. They read what is public, whatever their role.

    `called` are the ids of records that the person called about, when many are asked for at once.
    """
    if record.requester_id == actor.id:
        return True
    if called is not None:
        return record.pk in called
    return (
        -actor.id in record.audience and Watcher.objects.filter(record=record, user=actor.id, is_caller=True).exists()
    )


def holds(actor: Actor, permission: str, record: Record, called: Collection[int] | None = None) -> bool:
    """Whether the permission reaches this record: everywhere, in a team that sees it, or as a person named on it.

    A permission held in one team does not reach own records that another team handles.
    """
    if actor.is_system:
        return True
    if not can_see(actor, record):
        return False
    if actor.may(permission):
        return True
    teams = {*(team for team in record.audience if team > 0), record.owner_team_id}
    if any(actor.may(permission, team) for team in teams & set(actor.team_permissions)):
        return True
    return -actor.id in record.audience and actor.may_somewhere(permission) and not is_party(actor, record, called)


def can_read_internal(actor: Actor, record: Record, called: Collection[int] | None = None) -> bool:
    """Internal notes, staff events and facts: for those who work on the record or read all of them."""
    if actor.see_all and can_see(actor, record):
        return True
    if not holds(actor, Permission.RECORD_COMMENT_INTERNAL, record, called):
        return False
    through_team = bool(set(actor.teams) & set(record.audience) or set(actor.class_ids) & set(record.audience))
    return actor.is_system or through_team or not is_party(actor, record, called)


def internal_among(actor: Actor, rows: Iterable[Record]) -> set[int]:
    """Ids of those records whose internal part the actor may read: `can_read_internal` of each, in one statement."""
    found = list(rows)
    named = [row.pk for row in found if not actor.see_all and -actor.id in row.audience]
    calls = Watcher.objects.filter(user=actor.id, is_caller=True, record__in=named)
    called = set(calls.values_list("record_id", flat=True)) if named else set()
    return {row.pk for row in found if can_read_internal(actor, row, called)}


def can_comment_internal(actor: Actor, record: Record) -> bool:
    """Write internal notes."""
    return holds(actor, Permission.RECORD_COMMENT_INTERNAL, record) and can_read_internal(actor, record)


def can_reply(actor: Actor, record: Record) -> bool:
    """Write what the requester reads: those who work on the record, and the requester and callers themselves."""
    if can_comment_internal(actor, record):
        return True
    may_write = actor.scopes is None or WRITE_SCOPE in actor.scopes
    return may_write and -actor.id in record.audience


def can_edit(actor: Actor, record: Record) -> bool:
    """Change fields, links, callers and family."""
    return holds(actor, Permission.RECORD_EDIT, record) and can_read_internal(actor, record)


def can_watch(actor: Actor, record: Record) -> bool:
    """Follow the record oneself."""
    return can_see(actor, record) and (actor.scopes is None or WRITE_SCOPE in actor.scopes)


def can_read_audit(actor: Actor, record: Record) -> bool:
    """Read the field-level audit of the record."""
    return can_see(actor, record) and actor.may(Permission.AUDIT_READ)


def require(can: Callable[[Actor, Record], bool], actor: Actor, record: Record, message: str = "") -> None:
    """NotFound (404) for a record that the actor may not see, NotAllowed (403) when `can` says no."""
    if not can_see(actor, record):
        raise NotFound(_("No record %(number)s.") % {"number": record.number})
    if not can(actor, record):
        raise NotAllowed(message or _("You can read %(number)s, but not change this.") % {"number": record.number})
