"""How an incident's own columns and their values read, wherever field changes are shown."""

from collections.abc import Callable
from typing import Any

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.models import Cause, Incident
from incidents.queries import rules
from incidents.workflow import PENDING_REASONS
from records.queries.trail import register_values
from records.queries.words import register_labels

COLUMNS = {
    "impact": _("Impact"), "urgency": _("Urgency"), "priority_reason": _("Reason of the priority"),
    "is_priority_overridden": _("Priority set by hand"), "channel": _("How it came in"), "nature": _("What it is"),
    "line": _("Line"), "supplier": _("Supplier"), "supplier_reference": _("Supplier's reference"),
    "cause": _("Cause"), "resolution": _("What fixed it"), "workaround": _("Workaround"),
    "resolved_at": _("Resolved at"), "resolved_by": _("Resolved by"), "resolved_at_desk": _("Resolved by the desk"),
    "closes_at": _("Closes by itself at"), "reopen_count": _("Times reopened"), "is_major": _("Major incident"),
    "major_leader": _("Leader"), "major_since": _("Major since"), "within_influence": _("Within our influence"),
    "update_every_minutes": _("Minutes between updates"), "next_update_at": _("Next update to callers"),
    "banner": _("Banner"), "tags": _("Tags"),
}  # fmt: skip
CHANNELS = {
    "phone": _("by phone"), "portal": _("through the portal"), "email": _("by e-mail"), "chat": _("by chat"),
    "alert": _("from monitoring"), "walk_in": _("in person"),
}  # fmt: skip
LINES = {"desk": _("the desk"), "operations": _("technical operations"), "supplier": _("a supplier")}


def _one_of(table: dict[Any, Any]) -> Callable[[Any], object]:
    return lambda value: table.get(value, value)


VALUES: dict[str, Callable[[Any], object]] = {
    "impact": _one_of(rules.IMPACTS), "urgency": _one_of(rules.URGENCIES), "channel": _one_of(CHANNELS),
    "nature": _one_of(dict(Incident.Nature.choices)), "line": _one_of(LINES), "cause": _one_of(dict(Cause.choices)),
}  # fmt: skip


def _waits_for(reason: str) -> str:
    return gettext(PENDING_REASONS[reason]) if reason in PENDING_REASONS else reason


def make_known() -> None:
    """Tell the floor below (AppConfig.ready)."""
    register_labels(COLUMNS)
    register_values("incident", VALUES)
    register_values("record", {"waiting_reason": _waits_for})
