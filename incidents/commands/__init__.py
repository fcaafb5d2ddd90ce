"""Verbs of incidents; `COMMANDS` maps every transition to its function."""

from incidents.commands.emergency import end_emergency, start_emergency
from incidents.commands.facts import add_tags, edit_details, edit_incident
from incidents.commands.family import add_caller, merge, resolve_with_parent, set_parent, tell_parts
from incidents.commands.life import assign, cancel, close, close_if_due, hold, release, reopen, resolve, resume, start
from incidents.commands.major import declare_major, post_update, remind_of_update, stand_down
from incidents.commands.opening import IncidentOpening, log_and_resolve, open_incident
from incidents.commands.priority import raise_priority, set_priority
from incidents.commands.routing import escalate
from incidents.commands.settings import set_closing_rules, set_matrix

COMMANDS = {
    "assign": assign,
    "start": start,
    "release": release,
    "hold": hold,
    "resume": resume,
    "resolve": resolve,
    "close": close,
    "reopen": reopen,
    "cancel": cancel,
    "merge": merge,
}

__all__ = [
    "COMMANDS",
    "IncidentOpening",
    "add_caller",
    "add_tags",
    "assign",
    "cancel",
    "close",
    "close_if_due",
    "declare_major",
    "edit_details",
    "edit_incident",
    "end_emergency",
    "escalate",
    "hold",
    "log_and_resolve",
    "merge",
    "open_incident",
    "post_update",
    "raise_priority",
    "release",
    "remind_of_update",
    "reopen",
    "resolve",
    "resolve_with_parent",
    "resume",
    "set_closing_rules",
    "set_matrix",
    "set_parent",
    "set_priority",
    "stand_down",
    "start",
    "start_emergency",
    "tell_parts",
]
