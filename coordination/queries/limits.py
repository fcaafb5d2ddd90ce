"""How much a person has and can take: places in progress, minutes of the coming period (ARCHITECTURE 7)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import Count, OuterRef, Q, Subquery, Sum
from django.db.models.functions import Coalesce

from accounts.models import User
from accounts.queries import setting
from coordination.models import WorkItem
from coordination.workflow import HELD, WITH_SOMEBODY
from workforce import queries as workforce

PERIOD = timedelta(days=7)
"""The next 5 working days, rolling: any seven days hold five weekdays, from whichever instant one counts. A public
holiday among them makes the period shorter, never longer."""


LIMITS = "coordination.limits"
"""Key of the settings that hold the limits."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Limits:
    """What a person may be given; settings of coordination."""

    work_in_progress: int = 3
    free_release_seconds: int = 120
    skip_hours: int = 24


@dataclass(frozen=True, slots=True)
class Load:
    """Work items in progress or assigned, and remaining minutes of everything unfinished, waiting included."""

    held: int = 0
    minutes: int = 0


def limits() -> Limits:
    """The limits in force."""
    return setting(LIMITS, Limits)


def load_of(user_ids: Iterable[int]) -> dict[int, Load]:
    """What each person has now, in one statement."""
    ids = list(user_ids)
    rows = WorkItem.objects.filter(assignee__in=ids, state__in=WITH_SOMEBODY).values("assignee_id").annotate(
        held=Count("id", filter=Q(state__in=HELD)), minutes=Sum("remaining_minutes"),
    )  # fmt: skip
    found = {row["assignee_id"]: Load(row["held"], row["minutes"]) for row in rows}
    return {each: found.get(each, Load()) for each in ids}


def free_of(user_ids: Iterable[int], at: datetime) -> dict[int, int]:
    """Minutes that each person can work in the coming period, before any load."""
    return workforce.free_minutes(user_ids, at, at + PERIOD)


@dataclass(frozen=True, slots=True)
class Seeker:
    """Everything about a person that decides which work fits."""

    id: int
    teams: tuple[int, ...]
    needs: tuple[int, ...]
    site: str
    load: Load
    free: int

    @property
    def room(self) -> int:
        """Minutes that still fit into the coming period."""
        return max(0, self.free - self.load.minutes)

    def is_full(self, limit: int) -> bool:
        """Whether every place in progress is taken."""
        return self.load.held >= limit


def seeker(user_id: int, teams: Iterable[int], at: datetime) -> Seeker:
    """The person as matching sees them."""
    held = Count("id", filter=Q(state__in=HELD))
    has = WorkItem.objects.filter(assignee=OuterRef("pk"), state__in=WITH_SOMEBODY).order_by().values("assignee")
    person = User.objects.annotate(
        tops=ArraySubquery(workforce.tops_held(OuterRef("pk"), at)), held=Coalesce(Subquery(has.values(n=held)), 0),
        minutes=Coalesce(Subquery(has.values(n=Sum("remaining_minutes"))), 0),
    )  # fmt: skip
    site, tops, places, minutes = person.values_list("location", "tops", "held", "minutes").get(pk=user_id)
    return Seeker(
        user_id, tuple(sorted(teams)), tuple(workforce.needs_of_tops(tops)), site, Load(places, minutes),
        free_of([user_id], at)[user_id],
    )  # fmt: skip
