"""Read promises; `from sla import queries as sla`."""

from sla.queries.clocks import ClockRow, clocks_for
from sla.queries.explain import Explanation, Line, explain

__all__ = ["ClockRow", "Explanation", "Line", "clocks_for", "explain"]
