"""Event codes that every record emits, whatever its process."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

OPENED = "record.opened"
PHASE_CHANGED = "record.phase_changed"
RETARGETED = "record.retargeted"
RESPONDED = "record.responded"
MERGED = "record.merged"
OWNER_CHANGED = "record.owner_changed"
SUPPLIER_CHANGED = "record.supplier_changed"
FIELD_CHANGED = "record.field_changed"
COMMENTED = "record.commented"
ATTACHED = "record.attached"
LINKED = "record.linked"
UNLINKED = "record.unlinked"
CALLER_ADDED = "record.caller_added"
UNDONE = "record.undone"
TOOK_OVER = "record.took_over"
PARENT_CHANGED = "record.parent_changed"
WATCHER_ADDED = "record.watcher_added"

register(
    EventType(OPENED, gettext_noop("Opened"), "plus", public=True),
    EventType(PHASE_CHANGED, gettext_noop("Phase changed"), "history", Weight.NOISE),
    EventType(
        RETARGETED,
        gettext_noop("Priority, service or requester changed"),
        "flag",
        personal=("before", "after", "words"),
    ),
    EventType(RESPONDED, gettext_noop("First response"), "message", Weight.NOISE),
    EventType(MERGED, gettext_noop("Merged with another record about the same thing"), "merge", public=True),
    EventType(OWNER_CHANGED, gettext_noop("Another team owns it"), "assign", Weight.NOISE),
    EventType(SUPPLIER_CHANGED, gettext_noop("A supplier's turn began or ended"), "up", Weight.NOISE),
    EventType(FIELD_CHANGED, gettext_noop("Changed"), "edit", personal=("before", "after", "words")),
    EventType(COMMENTED, gettext_noop("Comment"), "message", Weight.MESSAGE),
    EventType(ATTACHED, gettext_noop("File added"), "clip", Weight.MESSAGE, personal=("name",)),
    EventType(LINKED, gettext_noop("Linked"), "link"),
    EventType(UNLINKED, gettext_noop("Link removed"), "link"),
    EventType(CALLER_ADDED, gettext_noop("Another caller"), "user", personal=("name",)),
    EventType(UNDONE, gettext_noop("Undone"), "undo", personal=("before",)),
    EventType(TOOK_OVER, gettext_noop("%(number)s was merged into this record"), "merge"),
    EventType(PARENT_CHANGED, gettext_noop("Parent record changed"), "link"),
    EventType(WATCHER_ADDED, gettext_noop("%(name)s follows this record"), "user", Weight.NOISE, personal=("name",)),
)
