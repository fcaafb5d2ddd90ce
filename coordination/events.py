"""Event codes of work items, all on the record that the work is about."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

OFFERED = "work.offered"
ROUTED = "work.routed"
ASSIGNED = "work.assigned"
PICKED = "work.picked"
RELEASED = "work.released"
PLANNED = "work.planned"
DUE = "work.due"
LEFT = "work.left"
WAITING = "work.waiting"
RESUMED = "work.resumed"
PARKED = "work.parked"
RETURNED = "work.returned"
BOOSTED = "work.boosted"
MAJOR = "work.major"
PAIR_ASKED = "work.pair_asked"
PAIR_ACCEPTED = "work.pair_accepted"
PAIR_DECLINED = "work.pair_declined"
FINISHED = "work.finished"
CANCELLED = "work.cancelled"

register(
    EventType(OFFERED, gettext_noop("Offered in the queue"), "queue", Weight.NOISE),
    EventType(ROUTED, gettext_noop("Routed"), "queue"),
    EventType(ASSIGNED, gettext_noop("Assigned to %(name)s"), "assign", personal=("name",)),
    EventType(PICKED, gettext_noop("Taken by %(name)s"), "take", personal=("name",)),
    EventType(RELEASED, gettext_noop("Handed back by %(name)s"), "handback", personal=("name", "note")),
    EventType(PLANNED, gettext_noop("Work planned"), "clock"),
    EventType(DUE, gettext_noop("Planned work entered the queue"), "queue"),
    EventType(LEFT, gettext_noop("The account of %(name)s was switched off"), "user", personal=("name",)),
    EventType(WAITING, gettext_noop("Work waits"), "hold", Weight.NOISE),
    EventType(RESUMED, gettext_noop("Work goes on"), "take", Weight.NOISE),
    EventType(PARKED, gettext_noop("Interrupted by the major incident %(cause)s"), "hold"),
    EventType(RETURNED, gettext_noop("Work goes on after the major incident"), "take"),
    EventType(BOOSTED, gettext_noop("Rank moved by %(points)s points: %(reason)s"), "up"),
    EventType(MAJOR, gettext_noop("Work of a major incident"), "warn", Weight.NOISE),
    EventType(PAIR_ASKED, gettext_noop("%(asker)s asks %(colleague)s to do this together"), "users",
              personal=("asker", "colleague", "note")),
    EventType(PAIR_ACCEPTED, gettext_noop("%(colleague)s does this together with %(asker)s"), "users",
              personal=("asker", "colleague")),
    EventType(PAIR_DECLINED, gettext_noop("%(colleague)s cannot do this together with %(asker)s"), "users",
              personal=("asker", "colleague")),
    EventType(FINISHED, gettext_noop("Work done"), "check", Weight.NOISE),
    EventType(CANCELLED, gettext_noop("Work cancelled"), "close", Weight.NOISE),
)  # fmt: skip
