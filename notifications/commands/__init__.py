"""Verbs of notifications; only its own doors and reactions call them."""

from notifications.commands.deliver import deliver_due
from notifications.commands.manage import (
    mark_all_read,
    mark_read,
    mute,
    resend,
    retire_rule,
    retire_webhook,
    rotate_secret,
    save_rule,
    save_webhook,
    send_test,
)
from notifications.commands.notify import tell, tell_named

__all__ = [
    "deliver_due", "mark_all_read", "mark_read", "mute", "resend", "retire_rule", "retire_webhook", "rotate_secret",
    "save_rule", "save_webhook", "send_test", "tell", "tell_named",
]  # fmt: skip
