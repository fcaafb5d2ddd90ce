"""Verbs of the workforce; `from workforce import commands as workforce`."""

from workforce.commands.calendar import CalendarContent, OwnDay, add_calendar, edit_calendar
from workforce.commands.people import (
    add_absence,
    change_absence,
    drop_absence,
    drop_competence,
    hold_competence,
    save_competence,
    set_schedule,
)

__all__ = [
    "CalendarContent", "OwnDay", "add_absence", "add_calendar", "change_absence", "drop_absence", "drop_competence",
    "edit_calendar", "hold_competence", "save_competence", "set_schedule",
]  # fmt: skip
