"""Read ledgers as the arithmetic wants them."""

from collections import defaultdict
from collections.abc import Iterable

from django.db.models import OuterRef, Subquery
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import SYSTEM
from sla.ledger import Entry
from sla.models import Segment


def entries_of(clock_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """The ledger of each clock in order, in one statement; none where a clock has none."""
    ids = list(clock_ids)
    found: dict[int, list[Entry]] = defaultdict(list)
    columns = ("clock_id", "seq", "kind", "at", "reason", "data")
    rows = Segment.objects.filter(clock__in=ids).order_by("clock_id", "seq").values_list(*columns) if ids else ()
    for clock, *entry in rows:
        found[clock].append(Entry(*entry))
    return found


def actors_of(clock_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Who wrote each line of the ledgers, by clock and line: people by name, sweeps as Spindel. One statement."""
    name = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    rows = Segment.objects.filter(clock__in=list(clock_ids)).annotate(who=Subquery(name))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for clock, seq, kind, who in rows.values_list("clock_id", "seq", "actor_kind", "who"):
        found[clock][seq] = SYSTEM.name if kind == SYSTEM.kind else who or _("a person who was erased")
    return found
