"""What is swept for people; whoever is alive runs it (kernel.sweeps)."""

from datetime import datetime

from accounts.commands.tidying import forget_ended
from accounts.queries import SYSTEM
from journal.units import door
from kernel.sweeps import sweeper


@sweeper("accounts.tidy", every=3600)
def tidy(at: datetime) -> int:
    """Forget sessions that have ended and answers that are repeated no more."""
    with door(SYSTEM, source="sweep"):
        return forget_ended(actor=SYSTEM, at=at)
