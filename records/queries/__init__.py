"""Everything read about records; each page asks here, never the tables (ARCHITECTURE 9)."""

from records.queries.audit import audit_rows
from records.queries.beside import impact_of
from records.queries.drafts import draft, draft_of, drafts
from records.queries.find import PALETTE_ROWS, find
from records.queries.links import link_by_id, related
from records.queries.mine import own_records
from records.queries.record import by_number, internal_q, is_locked, jump, visible_q, visible_to
from records.queries.timeline import Show, timeline
from records.queries.undoing import last_act

__all__ = [
    "PALETTE_ROWS",
    "Show",
    "audit_rows",
    "by_number",
    "draft",
    "draft_of",
    "drafts",
    "find",
    "impact_of",
    "internal_q",
    "is_locked",
    "jump",
    "last_act",
    "link_by_id",
    "own_records",
    "related",
    "timeline",
    "visible_q",
    "visible_to",
]
