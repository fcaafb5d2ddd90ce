"""Event codes that incidents emit; those of transitions are `incident.<transition>`."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

PRIORITISED = "incident.prioritised"
ESCALATED = "incident.escalated"
MAJOR_DECLARED = "incident.major_declared"
MAJOR_ENDED = "incident.major_ended"
UPDATE_POSTED = "incident.update_posted"
UPDATE_DUE = "incident.update_due"
PARENT_RESOLVED = "incident.parent_resolved"
MATRIX_CHANGED = "incident.matrix_changed"
EMERGENCY_STARTED = "incident.emergency_started"
EMERGENCY_ENDED = "incident.emergency_ended"
FIELD_CHANGED = "incident.field_changed"
IMPORTED = "incident.imported"

register(
    EventType("incident.assign", gettext_noop("Assigned to somebody"), "assign"),
    EventType("incident.start", gettext_noop("Work started"), "take", public=True),
    EventType("incident.release", gettext_noop("Back to the queue"), "handback"),
    EventType(
        "incident.hold", gettext_noop("On hold, waiting for %(reason)s"), "hold", public=True, public_keys=("reason",)
    ),
    EventType("incident.resume", gettext_noop("Work resumed"), "take", public=True),
    EventType("incident.resolve", gettext_noop("Resolved"), "resolve", public=True),
    EventType("incident.close", gettext_noop("Closed"), "check", public=True),
    EventType("incident.reopen", gettext_noop("Reopened: %(reason)s"), "undo", public=True, public_keys=("reason",)),
    EventType("incident.cancel", gettext_noop("Cancelled: %(reason)s"), "close", public=True, public_keys=("reason",)),
    EventType(
        "incident.merge",
        gettext_noop("Same as %(target)s, continued there"),
        "merge",
        public=True,
        public_keys=("target",),
    ),
    EventType(PRIORITISED, gettext_noop("Priority P%(before)s → P%(after)s: %(reason)s"), "flag"),
    EventType(ESCALATED, gettext_noop("Escalated from %(before)s to %(after)s: %(reason)s"), "up"),
    EventType(MAJOR_DECLARED, gettext_noop("Declared a major incident, led by %(leader)s"), "breach"),
    EventType(MAJOR_ENDED, gettext_noop("No longer a major incident: %(reason)s"), "check"),
    EventType(EMERGENCY_STARTED, gettext_noop("Emergency plan started: %(reason)s"), "breach"),
    EventType(EMERGENCY_ENDED, gettext_noop("Back to normal: %(reason)s"), "check"),
    EventType(UPDATE_POSTED, gettext_noop("Update to callers posted"), "message", Weight.NOISE),
    EventType(UPDATE_DUE, gettext_noop("The promised update to callers is due"), "bell"),
    EventType(PARENT_RESOLVED, gettext_noop("The main incident %(parent)s was resolved"), "link", Weight.NOISE),
    EventType(FIELD_CHANGED, gettext_noop("Changed"), "pencil", personal=("before", "after", "words")),
    EventType(
        IMPORTED,
        gettext_noop("Brought in from another tool: there %(reference)s, opened %(opened)s, state %(state)s"),
        "upload",
    ),
    EventType(MATRIX_CHANGED, gettext_noop("Priority matrix changed"), "settings"),
)
