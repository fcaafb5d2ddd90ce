"""What other rules would move, before they are in force; which rules were in force before."""

from collections.abc import Sequence
from dataclasses import dataclass, fields
from datetime import datetime
from typing import Any

from accounts.models import Setting
from coordination.models import Ranking
from coordination.queries.rank import RULES, facts_for
from coordination.queries.words import spoken, summary
from coordination.ranking import Rules, harm_of, rank
from kernel.actor import Actor
from kernel.errors import NotFound
from records.queries import internal_q

LOOKED_AT = 200


@dataclass(frozen=True, slots=True)
class Move:
    """A work item among the first two hundred, its place and score now and under the other rules."""

    number: str
    title: str
    place: int
    new_place: int
    score: int
    new_score: int
    why: str

    @property
    def by(self) -> int:
        """Places up (positive) or down."""
        return self.place - self.new_place


def moves(actor: Actor, proposed: Rules, at: datetime) -> list[Move]:
    """Those of the first two hundred whose place would change, largest move first; three statements."""
    rows = list(
        Ranking.objects.filter(internal_q(actor, "record__"))
        .select_related("work_item", "record__requester")
        .order_by("-score", "work_item_id")[:LOOKED_AT]
    )
    for row in rows:
        row.work_item.record = row.record
    facts = facts_for([row.work_item for row in rows], at, {row.pk: harm_of(row.parts) for row in rows})
    ranks = {row.pk: rank(known, proposed, at) for row, known in zip(rows, facts, strict=True)}
    after = sorted(rows, key=lambda row: (-ranks[row.pk].score, row.pk))
    places = {row.pk: place for place, row in enumerate(after, start=1)}
    found = [
        Move(
            row.record.number, row.record.title, place, places[row.pk], row.score, ranks[row.pk].score,
            summary(spoken([part.as_json() for part in ranks[row.pk].parts])),
        )
        for place, row in enumerate(rows, start=1)
        if places[row.pk] != place
    ]  # fmt: skip
    return sorted(found, key=lambda move: (-abs(move.by), move.new_place))


def rules_of_version(version: int) -> Rules:
    """The points of a version that was in force once; NotFound when there was none. Version 1 came with Spindel."""
    if version == 1:
        return Rules()
    stored = Setting.objects.filter(key=RULES, value__version=version).order_by("-version").first()
    if stored is None:
        raise NotFound("No such version of the queue rules.")
    known: dict[str, Any] = {each.name: stored.value[each.name] for each in fields(Rules) if each.name in stored.value}
    known = {name: tuple(value) if isinstance(value, list) else value for name, value in known.items()}
    return Rules(**known)


def rule_versions() -> Sequence[Setting]:
    """Every version of the rules, newest first, with who made it."""
    return list(Setting.objects.filter(key=RULES).select_related("by").order_by("-version")[:50])
