"""Change fields one by one: compare-and-set on the value that the writer saw (ARCHITECTURE 5, UX 3.5)."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.db.models import F, Model
from django.utils.translation import gettext as _

from journal.units import command
from kernel.actor import Actor
from kernel.errors import NotAllowed, Stale
from records import events, policies
from records.commands.columns import label_of, plain, raw, revive, text, words_of, write_columns
from records.commands.record import lock, note, retarget, share, unshare
from records.commands.search import reindex
from records.commands.undo import offer_undo, undoes
from records.models import Record, Undo
from records.queries.changes import last_change

PROMISES = frozenset({"priority", "service", "requester"})
"""Fields that promises depend on: changed through `retarget`, which tells the clocks."""
FINDABLE = frozenset({"title", "description", "component", "requester"})


@dataclass(frozen=True, slots=True)
class Edited:
    """What an edit did: the fields that are different now, and how to take it back (None when nothing changed)."""

    changed: tuple[str, ...]
    undo: Undo | None


@command
def edit_fields(
    record: Record,
    *,
    seen: Mapping[str, Any],
    values: Mapping[str, Any],
    allowed: Collection[str],
    actor: Actor,
    at: datetime,
    reason: str = "",
) -> Edited:
    """Set fields whose value is still the one that was seen. Values are model values (objects for foreign keys).

    `allowed` are the fields that may be edited on this kind of record. Another person's change of another field
    merges silently; of the same field to another value it is Stale (409) with facts field, label, now, by, at, yours.
    """
    at = lock(record, at=at)
    policies.require(policies.can_edit, actor, record)
    _check_allowed(values, allowed)
    check_seen(record, record, seen=seen, values=values)
    wanted = {name: value for name, value in values.items() if raw(record, name) != plain(record, name, value)}
    if not wanted:
        return Edited((), None)
    before = {name: raw(record, name) for name in wanted}
    _set(record, wanted, actor=actor, at=at, reason=reason)
    undo = offer_undo(record, "record.edit", before={"fields": before}, actor=actor, at=at)
    return Edited(tuple(sorted(wanted)), undo)


def _check_allowed(values: Mapping[str, Any], allowed: Collection[str]) -> None:
    refused = sorted(set(values) - set(allowed))
    if refused:
        message = _("The field %(field)s cannot be changed here.") % {"field": refused[0]}
        raise NotAllowed(message, code="field_not_editable")


def _set(
    record: Record, wanted: Mapping[str, Any], *, actor: Actor, at: datetime, reason: str,
    undoes: datetime | None = None,
) -> None:  # fmt: skip
    before = {name: raw(record, name) for name in wanted}
    promised = {name: value for name, value in wanted.items() if name in PROMISES}
    others = {name: value for name, value in wanted.items() if name not in PROMISES}
    if promised:
        retarget(record, actor=actor, at=at, reason=reason, undoes=undoes, **promised)
    if others:
        change = write_columns(record, others)
        Record.objects.filter(pk=record.pk).update(version=F("version") + 1)
        record.version += 1
        note(record, events.FIELD_CHANGED, actor=actor, at=at, **change)
    if "owner_team" in wanted:
        stamp = {} if undoes is None else {"undoes": undoes}
        note(record, events.OWNER_CHANGED, actor=actor, at=at, old=before["owner_team"], new=record.owner_team_id,
             **stamp)  # fmt: skip
    _readdress(record, before)
    if FINDABLE & set(wanted):
        reindex(record)


def _readdress(record: Record, before: Mapping[str, Any]) -> None:
    """Whoever is requester, contact or owning team now sees the record; whoever was and is nothing else does not."""
    people = [name for name in ("requester", "contact_owner") if name in before]
    share(record, people=[now for name in people if (now := raw(record, name)) is not None])
    unshare(record, people=[before[name] for name in people if before[name] is not None])
    if "owner_team" in before and record.owner_team_id is not None:
        share(record, teams=[record.owner_team_id])


def check_seen(record: Record, row: Model, *, seen: Mapping[str, Any], values: Mapping[str, Any]) -> None:
    """Stale (409) when a field is neither what was seen nor what is wanted; `row` is the record or its process row."""
    for name, value in values.items():
        now = raw(row, name)
        if name in seen and now not in (plain(row, name, seen[name]), plain(row, name, value)):
            raise _stale(record, row, name, value)


def _stale(record: Record, row: Model, name: str, yours: Any) -> Stale:
    label, change = label_of(row, name), last_change(record, name)
    message = _("%(field)s was changed by %(who)s while you wrote. Choose which one counts.")
    return Stale(
        message % {"field": label, "who": change.by},
        facts={
            "field": name, "label": label, "now": raw(row, name), "now_text": text(row, name),
            "by": change.by, "at": change.at, "yours": plain(row, name, yours), "yours_text": words_of(yours),
        },
    )  # fmt: skip


@undoes("record.edit")
def _undo_edit(record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime) -> None:
    wanted = {name: revive(record, name, value) for name, value in before["fields"].items()}
    _set(record, wanted, actor=actor, at=at, reason="undo", undoes=done_at)
