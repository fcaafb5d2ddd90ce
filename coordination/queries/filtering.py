"""What a list of work may be narrowed to; the same for page, export and API."""

from dataclasses import dataclass, field
from datetime import datetime

from django.db.models import Q

from coordination.workflow import SIZES

SLA_STATES = ("breach", "risk", "ok", "none")


@dataclass(frozen=True, slots=True, kw_only=True)
class WorkFilter:
    """Conditions that must all hold; empty ones do not count. `words` must each be in title, number or component."""

    priorities: tuple[int, ...] = ()
    sla: str = ""
    site: str = ""
    team: str = ""
    competence: int | None = None
    component: str = ""
    size: str = ""
    is_major: bool = False
    words: tuple[str, ...] = field(default=())

    def condition(self, at: datetime, item: str = "", record: str = "record__") -> Q:
        """As a condition on rows; `item` and `record` are the paths to the work item and its record."""
        found = self._of_record(at, record)
        if self.team:
            found &= Q(**{f"{item}team__code__icontains": self.team})
        if self.site:
            found &= Q(**{f"{item}site__icontains": self.site})
        if self.competence is not None:
            found &= Q(**{f"{item}needs__overlap": [self.competence * 10 + level for level in (1, 2, 3)]})
        if self.size:
            found &= Q(**{f"{item}estimate_minutes": SIZES[self.size]})
        if self.is_major:
            found &= Q(**{f"{item}is_major": True})
        return found

    def _of_record(self, at: datetime, record: str) -> Q:
        found = _sla(self.sla, at, record)
        if self.priorities:
            found &= Q(**{f"{record}priority__in": self.priorities})
        if self.component:
            tag = Q(**{f"{record}component__tag__icontains": self.component})
            found &= tag | Q(**{f"{record}component__name__icontains": self.component})
        for word in self.words:
            found &= (
                Q(**{f"{record}title__icontains": word})
                | Q(**{f"{record}number__iexact": word})
                | Q(**{f"{record}component__name__icontains": word})
            )
        return found


def _sla(state: str, at: datetime, record: str) -> Q:
    due = f"{record}due_at"
    risky = f"{record}risk_at__2__lte"
    return {
        "breach": Q(**{f"{due}__lte": at}),
        "risk": Q(**{f"{due}__gt": at, risky: at}),
        "ok": Q(**{f"{due}__gt": at}) & ~Q(**{risky: at}),
        "none": Q(**{f"{due}__isnull": True}),
    }.get(state, Q())
