"""The clocks of one incident kept in memory: the ledger's own book, which writes to lists instead of tables."""

from collections.abc import Callable
from datetime import datetime
from typing import Any

from itsm.demo.rows import Rows
from kernel.actor import Actor
from records.models import Record
from sla.commands import clocks, firing, moves
from sla.commands.book import Book, Leaf
from sla.ledger import Promise
from sla.models import Clock, Deadline, Segment
from sla.queries.rules import OURS, Now, Whose

LAG_SECONDS = 5
"""How late a sweep comes by, in the history of the demo."""
Note = Callable[..., object]


class KeptBook(Book):
    """A book that stays open for the whole story; `note` tells an event on the record."""

    def __init__(self, record: Record, now: Now, rows: Rows, note: Note) -> None:
        super().__init__(record, now, actor=Actor(0, "system", ""), at=record.opened_at)
        self.rows, self.note = rows, note

    def react(self, code: str, data: dict[str, Any], *, actor: Actor, at: datetime) -> None:
        """What sla.reactions does with the same fact."""
        self.actor, self.at = actor, at
        due = moves.due_times(self)
        if code == "record.opened":
            clocks.started(self)
        else:
            self.fire(at, actor=actor)
            if code == "record.phase_changed":
                clocks.followed(self, old=data["old"])
            elif code == "record.responded":
                clocks.stopped(self, metric="response", reason=clocks.RESPONDED)
            elif code == "record.retargeted":
                clocks.retargeted(self, reason="changed", why=data["reason"])
        self.save()
        if code == "record.retargeted":
            moves.tell(self, due, moves.Cause("changed", why=data["reason"]), note=self.note)

    def supplier_turn(self) -> None:
        """No story goes to a supplier by name."""

    def fire(self, at: datetime, *, actor: Actor) -> list[Deadline]:
        """Fire what has come, as a sweep or the next act does; the deadlines that fired."""
        overdue = [row for leaf in self.leaves for row in leaf.deadlines if firing.is_overdue(row, at)]
        firing.fire_all(self.record, overdue, actor=actor, at=at, note=self.note)
        return overdue

    def next_due(self) -> datetime | None:
        """When the first of the armed deadlines comes."""
        armed = [row.due_at for leaf in self.leaves for row in leaf.deadlines if row.state == Deadline.State.ARMED]
        return min(armed, default=None)

    def start(self, metric: str, promise: Promise, whose: Whose = OURS) -> Leaf:
        """A new clock with its id."""
        leaf = super().start(metric, promise, whose)
        leaf.clock.pk = self.rows.id_of(Clock)
        self.rows.add(leaf.clock)
        return leaf

    def _write_clocks(self, changed: list[Leaf]) -> None:
        """They are copied at the end, as they stand then."""

    def _write_segments(self, rows: list[Segment]) -> None:
        for row in rows:
            self.rows.add(row)

    def _write_deadlines(self, gone: list[Deadline], armed: list[Deadline]) -> None:
        for row in gone:
            row.state = Deadline.State.SUPERSEDED
        for row in armed:
            row.pk = self.rows.id_of(Deadline)
            self.rows.add(row)

    def _tell_due(self, due: Clock | None) -> None:
        self.record.due_at = due.due_at if due else None
        self.record.risk_at = due.risk_at if due else None
