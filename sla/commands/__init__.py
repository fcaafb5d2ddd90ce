"""What makes clocks move. Called by this room's own reactions and tasks only; everybody else causes facts."""

from sla.commands.due import sweep

__all__ = ["sweep"]
