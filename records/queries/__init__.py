"""Everything read about records; each page asks here, never the tables (ARCHITECTURE 9)."""

from records.queries.record import by_number, visible_q, visible_to

__all__ = ["by_number", "visible_q", "visible_to"]
