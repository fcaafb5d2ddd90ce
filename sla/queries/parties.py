"""Whose promise a clock measures, in words: ours to the customer, a team's own time, a supplier's (DOMAIN S1)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.templatetags.spindel import localname
from sla.models import Clock, Party, Target

PARTY_NAMES = {
    Party.CUSTOMER.value: gettext_lazy("us, to the customer (SLA)"),
    Party.TEAM.value: gettext_lazy("a team, while it owns the record (OLA)"),
    Party.SUPPLIER.value: gettext_lazy("a supplier, while the record is there (UC)"),
}


def ours_words(customer: str = "") -> str:
    """What we have promised, to whom."""
    return _("Our promise to %(customer)s") % {"customer": customer} if customer else _("Our promise")


def team_words(name: Mapping[str, str] | None) -> str:
    """A team's own time; no name is any team."""
    return _("%(team)s's own time") % {"team": localname(name)} if name else _("A team's own time")


def supplier_words(supplier: str) -> str:
    """A supplier's time; one that nobody named is "the supplier"."""
    return _("Supplier %(supplier)s") % {"supplier": supplier} if supplier else _("The supplier")


def words_of(row: Clock | Target) -> str:
    """Whose time a clock or target measures; "" of a customer's, which its metric names."""
    if row.party == Party.TEAM:
        return team_words(row.team.name if row.team else None)
    return supplier_words(row.supplier) if row.party == Party.SUPPLIER else ""


def told_words(data: Mapping[str, Any]) -> str:
    """Whose time an event is about, as its data say; "" for a customer's."""
    if "team_name" in data:
        return team_words(data["team_name"])
    return supplier_words(data["supplier"]) if "supplier" in data else ""
