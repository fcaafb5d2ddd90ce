"""The list as a table for spreadsheets: stable column names, one line an incident, in chunks."""

from collections.abc import Iterator, Sequence
from datetime import datetime
from itertools import islice

from django.db.models import QuerySet

from incidents.models import Incident
from incidents.queries.listing import IncidentRow, rows_of
from kernel.actor import Actor
from kernel.spreadsheets.writing import Cell

HEADER = (
    "number", "title", "priority", "state", "line", "requester", "component", "service", "team", "assignee", "category",
    "callers", "tags", "cause", "major", "opened_at", "due_at", "resolved_at", "closed_at",
)  # fmt: skip
CHUNK = 500


def lines(incidents: QuerySet[Incident], at: datetime, *, actor: Actor) -> Iterator[Sequence[Cell]]:
    """Every incident as a line, by number; four statements for each 500."""
    found = incidents.order_by("pk").iterator(chunk_size=CHUNK)
    while chunk := list(islice(found, CHUNK)):
        for row in rows_of(chunk, at, actor=actor):
            yield _line(row)


def _line(row: IncidentRow) -> Sequence[Cell]:
    return (
        row.number, row.title, row.priority, row.state, row.line, row.requester, row.component, row.service, row.team,
        row.assignee, row.category, row.caller_count, ", ".join(row.tags), row.cause, row.is_major, row.opened_at,
        row.due_at, row.resolved_at, row.closed_at,
    )  # fmt: skip
