"""Verbs that work on every record; `from records import commands as records`."""

from records.commands.record import (
    Opening,
    lock,
    move,
    note,
    open_record,
    respond,
    retarget,
    set_due,
    share,
)

__all__ = ["Opening", "lock", "move", "note", "open_record", "respond", "retarget", "set_due", "share"]
