"""What is swept for records; whoever is alive runs it (kernel.sweeps)."""

from datetime import datetime

from accounts.queries import SYSTEM
from journal.units import door
from kernel.sweeps import sweeper
from records import commands


@sweeper("records.tidy", every=3600)
def tidy(at: datetime) -> int:
    """Forget void offers to undo and drafts that nobody came back to."""
    with door(SYSTEM, source="sweep"):
        return commands.forget_old(actor=SYSTEM, at=at)


@sweeper("records.orphans", every=86_400)
def remove_orphans(at: datetime) -> int:
    """Remove files that no record names."""
    return commands.sweep_orphans(at=at)
