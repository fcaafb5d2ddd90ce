"""Records that belong together: parent and parts, duplicates merged into one (ARCHITECTURE 5: locked whole, by id)."""

from datetime import datetime

from django.db.models import F, Q
from django.utils.translation import gettext as _

from journal.units import command, savepoint
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from records import events, policies
from records.commands.record import lock, note, share
from records.models import Draft, Link, Record, Watcher

TRIES = 5
DEEPEST = 5
"""Levels of parts under a record."""


class _FamilyMoved(Exception):
    """The family read before the lock is not the family read under it."""


def family_of(*records: Record) -> set[int]:
    """Ids of the records, their parents, parts, duplicates and what they were merged into."""
    ids = [record.pk for record in records]
    near = Q(pk__in=ids) | Q(parent__in=ids) | Q(merged_into__in=ids)
    rows = Record.objects.filter(near).only("pk", "parent_id", "merged_into_id")
    return {each for row in rows for each in (row.pk, row.parent_id, row.merged_into_id) if each is not None}


def lock_family(*records: Record, at: datetime) -> datetime:
    """Lock the records with their whole family by id; call it instead of `lock`, never after it (deadlocks).

    The family is read unlocked, locked, read again, and all locks are given back for a new try if it changed.
    """
    for _attempt in range(TRIES):
        try:
            with savepoint():
                return _lock_as_read(records, at)
        except _FamilyMoved:
            continue
    raise Conflict(_("Records that belong together are being changed by others. Try again in a moment."))


def _lock_as_read(records: tuple[Record, ...], at: datetime) -> datetime:
    wanted = family_of(*records)
    given = {record.pk: record for record in records}
    others = Record.objects.in_bulk(wanted - set(given))
    at = lock(*given.values(), *others.values(), at=at)
    if family_of(*records) != wanted:
        raise _FamilyMoved
    return at


@command
def set_parent(record: Record, parent: Record | None, *, actor: Actor, at: datetime) -> None:
    """Make the record a part of another one, or of none. Unprocessable when that would close a circle."""
    at = lock_family(record, *([parent] if parent is not None else []), at=at)
    policies.require(policies.can_edit, actor, record)
    if parent is not None:
        policies.require(policies.can_edit, actor, parent)
        _check_no_circle(record, parent)
    before = record.parent
    if before == parent:
        return
    Record.objects.filter(pk=record.pk).update(parent=parent, version=F("version") + 1)
    record.parent, record.version = parent, record.version + 1
    old, new = before.number if before else "", parent.number if parent else ""
    note(record, events.PARENT_CHANGED, actor=actor, at=at, old=old, new=new)


def _check_no_circle(record: Record, parent: Record) -> None:
    above: Record | None = parent
    for _level in range(DEEPEST):
        if above is None:
            return
        if above.pk == record.pk:
            break
        above = above.parent
    raise Unprocessable(
        _("%(number)s cannot be a part of %(parent)s: that would be a circle, or more than five levels deep.")
        % {"number": record.number, "parent": parent.number},
        fields={"number": [_("Choose another record.")]},
    )


@command
def merge_into(record: Record, target: Record, *, actor: Actor, at: datetime) -> None:
    """Make the record a duplicate of `target`: callers, followers, parts, drafts and earlier duplicates go over.

    Comments stay where they were written and are read on the target by staff. The process moves the duplicate to its
    last state afterwards, inside the same command or as a reaction to record.merged.
    """
    at = lock_family(record, target, at=at)
    policies.require(policies.can_edit, actor, record)
    policies.require(policies.can_edit, actor, target)
    _check_mergeable(record, target)
    _hand_over_people(record, target, at)
    _hand_over_records(record, target, actor, at)
    _hand_over_drafts(record, target)
    Record.objects.filter(pk=record.pk).update(merged_into=target, version=F("version") + 1)
    record.merged_into, record.version = target, record.version + 1
    note(record, events.MERGED, actor=actor, at=at, number=target.number, other=target.pk)
    note(target, events.TOOK_OVER, actor=actor, at=at, number=record.number, other=record.pk)


def _check_mergeable(record: Record, target: Record) -> None:
    if record.merged_into_id is not None or target.merged_into_id is not None:
        merged = record if record.merged_into_id is not None else target
        raise Conflict(
            _("%(number)s was merged already. Look where it went, then try again.") % {"number": merged.number},
            code="merged", facts={"into": merged.merged_into.number if merged.merged_into else ""},
        )  # fmt: skip
    same = record.kind == target.kind and record.confidential_class == target.confidential_class
    if record.pk == target.pk or not same:
        raise Unprocessable(
            _("%(number)s and %(target)s cannot be merged. Choose another record of the same kind.")
            % {"number": record.number, "target": target.number},
            fields={"number": [_("Choose another record of the same kind.")]},
        )


def _hand_over_people(record: Record, target: Record, at: datetime) -> None:
    known = {row.user_id: row for row in Watcher.objects.filter(record=target)}
    people = {row.user_id: row.is_caller for row in Watcher.objects.filter(record=record)}
    if record.requester_id is not None:
        people[record.requester_id] = True
    people.pop(target.requester_id or 0, None)
    new = [Watcher(record=target, user_id=user, is_caller=is_caller, at=at) for user, is_caller in people.items()
           if user not in known]  # fmt: skip
    Watcher.objects.bulk_create(new)
    callers = [user for user, is_caller in people.items() if is_caller]
    Watcher.objects.filter(record=target, user_id__in=callers).update(is_caller=True)
    named = [-each for each in record.audience if each < 0]
    share(target, people=[*callers, *named])


def _hand_over_records(record: Record, target: Record, actor: Actor, at: datetime) -> None:
    Record.objects.filter(merged_into=record).update(merged_into=target, version=F("version") + 1)
    Record.objects.filter(parent=record).exclude(pk=target.pk).update(parent=target, version=F("version") + 1)
    if target.parent_id == record.pk:
        Record.objects.filter(pk=target.pk).update(parent=record.parent, version=F("version") + 1)
        target.parent, target.version = record.parent, target.version + 1
    Link.objects.get_or_create(
        source=record, target=target, kind="duplicates", defaults={"by_id": actor.id or None, "at": at}
    )


def _hand_over_drafts(record: Record, target: Record) -> None:
    """Nobody's words are lost: drafts move; where there is one already, they are written below it (UX G9)."""
    old, new = f"record:{record.pk}:comment", f"record:{target.pk}:comment"
    there = {draft.user_id: draft for draft in Draft.objects.select_for_update().filter(key=new)}
    for draft in Draft.objects.select_for_update().filter(key=old):
        kept = there.get(draft.user_id)
        if kept is None:
            draft.key = new
            draft.save(update_fields=["key"])
            continue
        kept.values["text"] = "\n\n".join(filter(None, (kept.values.get("text"), draft.values.get("text"))))
        kept.save(update_fields=["values"])
        draft.delete()
