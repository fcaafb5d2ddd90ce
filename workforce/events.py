"""Event codes of calendars, competences and schedules."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

CALENDAR_CHANGED = "workforce.calendar_changed"

register(EventType(CALENDAR_CHANGED, gettext_noop("Opening hours changed"), "calendar", Weight.CHANGE))
