"""What makes clocks move. Called by this room's own doors only (and `itsm`); everybody else causes facts."""

from sla.commands.defaults import apply_defaults
from sla.commands.due import sweep
from sla.commands.settings import (
    StepContent,
    TargetContent,
    retire,
    save_pause_rule,
    save_step,
    save_target,
)
from sla.commands.versions import restore

__all__ = [
    "StepContent",
    "TargetContent",
    "apply_defaults",
    "restore",
    "retire",
    "save_pause_rule",
    "save_step",
    "save_target",
    "sweep",
]
