"""What would be promised: said aloud to the caller before the incident is logged (UX 3.4)."""

from dataclasses import dataclass
from datetime import datetime, timedelta

from incidents.queries import rules
from kernel.calendars import NeverOpen
from sla.queries import rules as promises


@dataclass(frozen=True, slots=True)
class Assessment:
    """The priority that impact and urgency give, why, and what is promised for it; None where nothing is."""

    priority: int
    words: str
    respond_by: datetime | None
    fix_by: datetime | None


def assess(
    impact: int, urgency: int, *, service_id: int | None, at: datetime, priority: int | None = None, customer: str = ""
) -> Assessment:
    """Priority and promises of an incident logged at `at` for somebody of the unit `customer`; nothing is kept."""
    given = priority or rules.priority_of(impact, urgency)
    words = rules.priority_words(impact, urgency)
    now = promises.now()
    due: dict[str, datetime | None] = {}
    for metric in ("response", "resolution"):
        rule = now.rules.promised(promises.Asked("incident", metric, given, service_id, customer))
        due[metric] = None
        if rule is not None:
            try:
                due[metric] = now.calendar(rule.calendar).add(at, timedelta(minutes=rule.minutes))
            except NeverOpen:
                continue
    return Assessment(given, words, due["response"], due["resolution"])
