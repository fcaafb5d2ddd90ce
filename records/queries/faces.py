"""The nearest promise of each record as lists show it: whoever keeps the clocks tells, rooms beside it only ask."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime

from kernel.clockface import ClockFace
from records.models import Record

Faces = Callable[[Sequence[int], datetime], Mapping[int, ClockFace]]
"""From record ids and the present moment to faces; records without a promise are left out. One or two statements."""

RISKY = 2
"""Place in `Record.risk_at` from which a promise counts as due soon: 75 % of it used."""

_makers: list[Faces] = []


def faces_by(maker: Faces) -> Faces:
    """Register who makes faces, with working time left and when the clock stops next; once, in AppConfig.ready."""
    _makers[:] = [maker]
    return maker


def faces_of(records: Sequence[Record], at: datetime) -> dict[int, ClockFace]:
    """A face for each record; without a room that keeps clocks it shows the due time but no working time."""
    made = _makers[0]([record.pk for record in records], at) if _makers and records else {}
    return {record.pk: made.get(record.pk) or _plain(record, at) for record in records}


def _plain(record: Record, at: datetime) -> ClockFace:
    if record.due_at is None:
        return ClockFace(state="none", at=at)
    if record.due_at <= at:
        return ClockFace(state="breach", at=at, due_at=record.due_at)
    if record.risk_at is None:
        return ClockFace(state="paused", at=at, due_at=record.due_at)
    return ClockFace(state="risk" if record.risk_at[RISKY] <= at else "ok", at=at, due_at=record.due_at)
