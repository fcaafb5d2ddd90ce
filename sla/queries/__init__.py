"""Read promises; `from sla import queries as sla`."""

from sla.queries.clocks import ClockRow, clocks_for

__all__ = ["ClockRow", "clocks_for"]
