"""Read ledgers as the arithmetic wants them."""

from collections import defaultdict
from collections.abc import Iterable

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
