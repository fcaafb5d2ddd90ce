"""Periodic doors: incidents that close by themselves, updates that are due."""

from datetime import datetime

from accounts.queries import SYSTEM
from incidents import commands
from incidents.process import INCIDENTS
from incidents.queries import detail
from journal.units import door
from kernel.sweeps import sweeper

LIMIT = 200
"""Incidents in one sweep; the next sweep takes the next ones."""


@sweeper("incidents.close", every=60)
def close_due(at: datetime) -> int:
    """Close resolved incidents whose time has come, one transaction each."""
    closed = 0
    for pk in detail.due_to_close(at, LIMIT):
        with door(SYSTEM, source="sweep"):
            closed += commands.close_if_due(INCIDENTS.by_id(pk), actor=SYSTEM, at=at)
    return closed


@sweeper("incidents.updates", every=30)
def remind_of_updates(at: datetime) -> int:
    """Note promised updates that are due, one transaction each."""
    reminded = 0
    for pk in detail.due_for_update(at, LIMIT):
        with door(SYSTEM, source="sweep"):
            reminded += commands.remind_of_update(INCIDENTS.by_id(pk), actor=SYSTEM, at=at)
    return reminded
