"""Taking back what was just done: old columns, old state, and the clocks as if nothing had been (ARCHITECTURE 5)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from typing import Any, Generic, TypeVar

from django.db.models import DateField, DateTimeField
from django.utils.dateparse import parse_date, parse_datetime

from coordination import commands as work
from kernel.actor import Actor
from kernel.workflow import Phase
from processes.process import Process
from records import commands as records
from records.commands.columns import raw, write_columns
from records.models import ProcessRecord, Record, Undo

P = TypeVar("P", bound=ProcessRecord)


@dataclass(frozen=True, kw_only=True)
class Undoing(Generic[P]):
    """What can be taken back in a process. `moved` and `ended` are own columns that a move, an end writes.

    Making one registers it: `<kind>.move`, `<kind>.ended`, `<kind>.details`. `field_changed` is the event of a changed
    own column.
    """

    process: Process[P]
    moved: tuple[str, ...] = ()
    ended: tuple[str, ...] = ()
    field_changed: str

    def __post_init__(self) -> None:
        records.undoes(self.code("move"))(self._move_back)
        records.undoes(self.code("ended"))(self._go_on)
        records.undoes(self.code("details"))(self._details_back)

    def code(self, name: str) -> str:
        """The code of an act that can be taken back."""
        return f"{self.process.kind}.{name}"

    def before_move(self, subject: P) -> dict[str, Any]:
        """What taking a move back needs to know: ask before moving."""
        return {"record": records.state_of(subject.record), "columns": columns_of(subject, self.moved)}

    def offer_to_move_back(self, subject: P, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
        """Offer to take the move back; call it last."""
        return records.offer_undo(subject.record, self.code("move"), before=before, actor=actor, at=at)

    def before_end(self, subject: P) -> dict[str, Any]:
        """What taking back its end needs to know: ask before resolving, cancelling and the like."""
        return {"record": records.state_of(subject.record), "columns": columns_of(subject, self.ended),
                "work": work.unended(subject.record)}  # fmt: skip

    def offer_to_go_on(self, subject: P, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
        """Offer to take the end back; call it last."""
        if actor.is_system:
            return None
        return records.offer_undo(subject.record, self.code("ended"), before=before, actor=actor, at=at)

    def offer_details_back(self, subject: P, before: Mapping[str, Any], *, actor: Actor, at: datetime) -> Undo | None:
        """Offer to take back a change of own columns, given as they were."""
        return records.offer_undo(
            subject.record, self.code("details"), before={"columns": dict(before)}, actor=actor, at=at
        )

    def _move_back(
        self, record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime
    ) -> None:
        restore(self.process.of_record(record), before["columns"])
        records.move_back(record, before["record"], done_at=done_at, actor=actor, at=at)
        task = self.process.task
        if record.phase == Phase.WAITING:
            work.wait_for(record, task=task, reason=record.waiting_reason, actor=actor, at=at)
        elif record.phase != Phase.DONE:
            work.resume_for(record, task=task, actor=actor, at=at)

    def _go_on(
        self, record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime
    ) -> None:
        restore(self.process.of_record(record), before["columns"])
        records.move_back(record, before["record"], done_at=done_at, actor=actor, at=at)
        work.restore(record, before["work"], actor=actor, at=at)

    def _details_back(
        self, record: Record, before: Mapping[str, Any], *, done_at: datetime, actor: Actor, at: datetime
    ) -> None:
        del done_at  # nothing is promised by these columns
        change = write_columns(self.process.of_record(record), before["columns"])
        records.touch(record)
        records.note(record, self.field_changed, actor=actor, at=at, **change)


def columns_of(subject: ProcessRecord, names: Iterable[str]) -> dict[str, Any]:
    """The columns as plain JSON."""
    values = {name: raw(subject, name) for name in names}
    return {name: value.isoformat() if isinstance(value, date) else value for name, value in values.items()}


def restore(subject: ProcessRecord, columns: Mapping[str, Any]) -> None:
    """Put old values back. Record locked."""
    for name, value in columns.items():
        setattr(subject, name, _revived(subject, name, value))
    if columns:
        subject.save(update_fields=list(columns))


def _revived(subject: ProcessRecord, name: str, value: Any) -> Any:
    column = subject._meta.get_field(name)  # noqa: SLF001  # the documented model Meta API
    if value and isinstance(column, DateTimeField):
        return parse_datetime(value)
    return parse_date(value) if value and isinstance(column, DateField) else value
