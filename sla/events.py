"""Event codes of promises."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

STEP_FIRED = "sla.step_fired"
BREACHED = "sla.breached"
TURN_OVERDUE = "sla.turn_overdue"
REPLANNED = "sla.replanned"
PARKED = "sla.deadline_parked"
DRIFTED = "sla.drifted"
RULES_CHANGED = "sla.rules_changed"

register(
    EventType(STEP_FIRED, gettext_noop("Escalation step"), "bell", Weight.CHANGE),
    EventType(BREACHED, gettext_noop("Overdue"), "breach", Weight.CHANGE),
    EventType(TURN_OVERDUE, gettext_noop("Own time used up"), "breach", Weight.CHANGE),
    EventType(REPLANNED, gettext_noop("Due time moved"), "clock", Weight.CHANGE),
    EventType(PARKED, gettext_noop("An escalation step could not be carried out"), "warn", Weight.NOISE),
    EventType(DRIFTED, gettext_noop("A clock differs from its ledger"), "warn", Weight.NOISE),
    EventType(RULES_CHANGED, gettext_noop("Promises changed"), "flag", Weight.CHANGE),
)
