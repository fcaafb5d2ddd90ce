"""What people passed over and why, for whoever edits the points of the rank (UX 3.6): no league table, no names."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime, timedelta
from typing import Any
from urllib.parse import urlencode

from django.db.models import Count, Max, QuerySet
from django.utils.translation import gettext as _

from coordination.models import Skip
from coordination.queries.reasons import SKIP, words_of
from coordination.queries.words import needs_words
from journal.queries.kinds import kind_of
from kernel.actor import Actor
from kernel.paging import Key
from records.queries import internal_q
from workforce import queries as workforce

REVIEWED = timedelta(days=30)
MOST = 100
SKIP_KEYS = (Key("at", is_descending=True), Key("id", is_descending=True))


@dataclass(frozen=True, slots=True)
class Skips:
    """Work of one kind with the same needs that was passed over for the same reason."""

    kind: str
    kind_words: str
    reason: str
    reason_words: str
    needs: tuple[int, ...]
    needs_words: str
    times: int
    work_items: int
    last_at: datetime

    @property
    def query(self) -> str:
        """The address of what stands behind it."""
        return urlencode({"kind": self.kind, "reason": self.reason, "needs": "-".join(map(str, self.needs))})


def skips_lately(at: datetime) -> list[Skips]:
    """Groups by kind, reason and needs, the most frequent first; two statements. Work on confidential records is left
    out; whose work it was, and who passed it over, is not told."""  # fmt: skip
    rows = _lately(at).values_list("work_item__record__kind", "reason", "work_item__needs").order_by()
    found = rows.annotate(n=Count("pk"), items=Count("work_item", distinct=True), last=Max("at"))
    names = workforce.competence_names()
    return [_group(row, names) for row in found.order_by("-n", "-last")[:MOST]]


def skips_behind(actor: Actor, query: Mapping[str, str], at: datetime) -> QuerySet[Skip]:
    """The skips of one group on work whose record the reader may read, unread."""
    needs = [int(each) for each in query.get("needs", "").split("-") if each.isdecimal() and len(each) < 10]
    rows = _lately(at).filter(internal_q(actor, "work_item__record__"), work_item__needs=needs)
    rows = rows.filter(reason=query.get("reason", "")[:20], work_item__record__kind=query.get("kind", "")[:20])
    return rows.select_related("work_item__record")


def _lately(at: datetime) -> QuerySet[Skip]:
    return Skip.objects.filter(at__gt=at - REVIEWED, work_item__record__confidential_class="")


def _group(row: tuple[Any, ...], names: Mapping[int, Mapping[str, str]]) -> Skips:
    kind, reason, needs, times, items, last_at = row
    known = kind_of(kind)
    words = needs_words(needs, names) if needs else _("No competence asked for")
    return Skips(kind, _(known.label) if known else kind, reason, words_of(SKIP, reason), tuple(needs), words, times,
                 items, last_at)  # fmt: skip
