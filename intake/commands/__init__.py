"""Verbs of intake; `from intake import commands as intake`."""

from intake.commands.receive import Delivery, Receipt, keep_refused, receive

__all__ = ["Delivery", "Receipt", "keep_refused", "receive"]
