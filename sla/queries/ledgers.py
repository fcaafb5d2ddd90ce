"""Read ledgers as the arithmetic wants them."""

from collections import defaultdict
from collections.abc import Iterable
from datetime import datetime
from typing import Any

from django.contrib.postgres.expressions import ArraySubquery
from django.db.models import OuterRef, Subquery
from django.db.models.functions import JSONObject
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries import SYSTEM
from records.models import Record
from sla.ledger import Entry
from sla.models import Clock, Segment


def entries_of(clock_ids: Iterable[int]) -> dict[int, list[Entry]]:
    """The ledger of each clock in order, in one statement; none where a clock has none."""
    ids = list(clock_ids)
    found: dict[int, list[Entry]] = defaultdict(list)
    columns = ("clock_id", "seq", "kind", "at", "reason", "data")
    rows = Segment.objects.filter(clock__in=ids).order_by("clock_id", "seq").values_list(*columns) if ids else ()
    for clock, *entry in rows:
        found[clock].append(Entry(*entry))
    return found


def clocks_with_entries(record: Record) -> list[tuple[Clock, list[Entry]]]:
    """The record's clocks in the order in which they were started, each with its ledger, in one statement."""
    columns = ("seq", "kind", "at", "reason", "data")
    lines = Segment.objects.filter(clock=OuterRef("pk")).order_by("seq")
    ledger = ArraySubquery(lines.values(each=JSONObject(**{name: name for name in columns})))
    rows = Clock.objects.filter(record=record).annotate(ledger=ledger).order_by("pk")
    return [(clock, [_entry(line) for line in vars(clock)["ledger"]]) for clock in rows]


def _entry(line: dict[str, Any]) -> Entry:
    return Entry(line["seq"], line["kind"], datetime.fromisoformat(line["at"]), line["reason"], line["data"])


def actors_of(clock_ids: Iterable[int]) -> dict[int, dict[int, str]]:
    """Who wrote each line of the ledgers, by clock and line: people by name, sweeps as Spindel. One statement."""
    name = User.objects.filter(pk=OuterRef("actor_id")).values("name")[:1]
    rows = Segment.objects.filter(clock__in=list(clock_ids)).annotate(who=Subquery(name))
    found: dict[int, dict[int, str]] = defaultdict(dict)
    for clock, seq, kind, who in rows.values_list("clock_id", "seq", "actor_kind", "who"):
        found[clock][seq] = SYSTEM.name if kind == SYSTEM.kind else who or _("a person who was erased")
    return found
