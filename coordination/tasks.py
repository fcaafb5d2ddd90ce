"""What is swept for the queue; whoever is alive runs it (kernel.sweeps)."""

from datetime import datetime

from accounts.queries import SYSTEM
from coordination import commands as work
from coordination.queries.shortage import keep
from journal.units import door
from kernel.sweeps import sweeper


@sweeper("coordination.rank", every=5)
def sweep_ranks(at: datetime) -> int:
    """Ranks whose next step of time has come."""
    with door(SYSTEM, source="sweep"):
        return work.sweep(actor=SYSTEM, at=at)


@sweeper("coordination.drifted", every=15)
def sweep_drifted(at: datetime) -> int:
    """Ranks by older rules, or by promises planned anew since."""
    with door(SYSTEM, source="sweep"):
        return work.sweep_drifted(actor=SYSTEM, at=at)


@sweeper("coordination.planned", every=15)
def sweep_planned(at: datetime) -> int:
    """Planned work whose time has come."""
    with door(SYSTEM, source="sweep"):
        return work.enter_planned(actor=SYSTEM, at=at)


@sweeper("coordination.waking", every=30)
def sweep_waking(at: datetime) -> int:
    """Work that waited until now."""
    with door(SYSTEM, source="sweep"):
        return work.wake(actor=SYSTEM, at=at)


@sweeper("coordination.harm", every=3600)
def sweep_harm(at: datetime) -> int:
    """Every rank after relations between components may have changed, 500 in one transaction."""
    last, batches = 0, 0
    while True:
        with door(SYSTEM, source="sweep"):
            last = work.sweep_harm(last, actor=SYSTEM, at=at)
        batches += 1
        if not last:
            return batches


@sweeper("coordination.demand", every=300)
def sweep_demand(at: datetime) -> int:
    """Competences that more is asked of than there are hours in the next seven days, for the line above the queue."""
    return keep(at)
