"""What is swept for promises; whoever is alive runs it (kernel.sweeps)."""

from datetime import datetime

from kernel.sweeps import sweeper
from sla.commands import audit, replan
from sla.commands.due import sweep


@sweeper("sla.deadlines", every=1)
def sweep_deadlines(at: datetime) -> int:
    """Fire due steps and breaches."""
    return sweep(at)


@sweeper("sla.replan", every=2)
def sweep_replans(at: datetime) -> int:
    """Move clocks after an edit of targets or calendars."""
    return replan.replan(at)


@sweeper("sla.zone_rules", every=3600)
def sweep_zone_rules(at: datetime) -> int:
    """Notice new zone rules."""
    return replan.watch_zone_rules(at)


@sweeper("sla.unarmed", every=60)
def sweep_unarmed(at: datetime) -> int:
    """Arm again what has lost its deadlines."""
    return audit.repair_unarmed(at)


@sweeper("sla.audit", every=86_400)
def sweep_audit(at: datetime) -> int:
    """Each night, compare every clock with its ledger."""
    return audit.audit_all(at)
