"""Verbs that work on every record; `from records import commands as records`."""

from records.commands.attachment import Kept, attach, keep, largest_bytes, no_room, sweep_orphans, too_large
from records.commands.comment import comment, drop_draft, save_draft
from records.commands.edit import Edited, check_seen, edit_fields
from records.commands.family import lock_family, merge_into, set_parent
from records.commands.guests import hand_over_guest
from records.commands.link import add_caller, count_callers, link, unlink, unwatch, watch
from records.commands.record import (
    Opening,
    lock,
    move,
    move_back,
    note,
    note_locked,
    open_record,
    respond,
    retarget,
    set_due,
    share,
    state_of,
    tell_supplier,
    touch,
    try_lock,
    unshare,
)
from records.commands.search import document_of, reindex
from records.commands.tidying import forget_old
from records.commands.undo import offer_undo, undo, undoes

__all__ = [
    "Edited",
    "Kept",
    "Opening",
    "add_caller",
    "attach",
    "check_seen",
    "comment",
    "count_callers",
    "document_of",
    "drop_draft",
    "edit_fields",
    "forget_old",
    "hand_over_guest",
    "keep",
    "largest_bytes",
    "link",
    "lock",
    "lock_family",
    "merge_into",
    "move",
    "move_back",
    "no_room",
    "note",
    "note_locked",
    "offer_undo",
    "open_record",
    "reindex",
    "respond",
    "retarget",
    "save_draft",
    "set_due",
    "set_parent",
    "share",
    "state_of",
    "sweep_orphans",
    "tell_supplier",
    "too_large",
    "touch",
    "try_lock",
    "undo",
    "undoes",
    "unlink",
    "unshare",
    "unwatch",
    "watch",
]
