"""Verbs of notifications; only its own doors and reactions call them, and `itsm` the first rules."""

from notifications.commands.defaults import apply_defaults
from notifications.commands.deliver import deliver_due
from notifications.commands.manage import (
    choose,
    mark_all_read,
    mark_read,
    mute,
    resend,
    resend_dead,
    retire_rule,
    retire_webhook,
    rotate_secret,
    save_rule,
    save_webhook,
    send_test,
    unmute,
)
from notifications.commands.notify import tell, tell_named

__all__ = [
    "apply_defaults", "choose", "deliver_due", "mark_all_read", "mark_read", "mute", "resend", "resend_dead",
    "retire_rule", "retire_webhook", "rotate_secret", "save_rule", "save_webhook", "send_test", "tell", "tell_named",
    "unmute",
]  # fmt: skip
