"""Verbs of intake; `from intake import commands as intake`."""

from intake.commands.manage import (
    hand_over,
    let_go,
    mark_false_alarm,
    retire_rule,
    retire_source,
    save_rule,
    save_source,
)
from intake.commands.receive import Delivery, Receipt, keep_refused, receive

__all__ = [
    "Delivery", "Receipt", "hand_over", "keep_refused", "let_go", "mark_false_alarm", "receive", "retire_rule",
    "retire_source", "save_rule", "save_source",
]  # fmt: skip
