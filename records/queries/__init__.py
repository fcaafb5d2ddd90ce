"""Everything read about records; each page asks here, never the tables (ARCHITECTURE 9)."""

from records.queries.links import related
from records.queries.record import by_number, visible_q, visible_to
from records.queries.timeline import Show, timeline

__all__ = ["Show", "by_number", "related", "timeline", "visible_q", "visible_to"]
