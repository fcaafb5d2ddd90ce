"""Event codes of calendars, competences and schedules."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

CALENDAR_CHANGED = "workforce.calendar_changed"
COMPETENCE_SAVED = "workforce.competence_saved"
PERSON_CHANGED = "workforce.person_changed"

register(
    EventType(CALENDAR_CHANGED, gettext_noop("Opening hours changed"), "calendar", Weight.CHANGE),
    EventType(COMPETENCE_SAVED, gettext_noop("Competence changed"), "edit"),
    EventType(PERSON_CHANGED, gettext_noop("Competence or working time changed"), "edit"),
)
