"""Incidents as a list: what their rows show beside those of every record."""

from collections.abc import Sequence
from typing import Any

from django.utils.translation import gettext as _

from incidents.models import Incident
from incidents.process import INCIDENTS
from kernel.paging import Key
from processes.rows import SORTS, Listed, Own, Row

HEADER = (
    "number", "title", "priority", "state", "line", "requester", "component", "service", "team", "assignee", "category",
    "callers", "tags", "cause", "major", "opened_at", "due_at", "resolved_at", "closed_at",
)  # fmt: skip


def _own(incident: Incident) -> Own:
    return Own(
        values={
            "resolved_at": incident.resolved_at, "line": incident.line, "caller_count": incident.caller_count,
            "tags": incident.tags, "is_major": incident.is_major, "cause": incident.cause,
        },
        words={"callers": str(incident.caller_count), "tags": ", ".join(incident.tags)},
        marks=(_("Major"),) if incident.is_major else (),
    )  # fmt: skip


def _line(row: Row) -> Sequence[Any]:
    own = row.own if row.is_internal else {**_NOTHING, **row.own}
    return (
        row.number, row.title, row.priority, row.state, own["line"], row.requester, row.component, row.service,
        row.team, row.assignee, row.category, own["caller_count"], ", ".join(own["tags"]), own["cause"],
        own["is_major"], row.opened_at, row.due_at, own["resolved_at"], row.closed_at,
    )  # fmt: skip


_NOTHING: dict[str, Any] = {"line": "", "caller_count": 0, "tags": [], "is_major": False, "cause": ""}
"""What an export says of an own incident that others handle."""

LISTED = Listed(
    process=INCIDENTS, own=_own, public=("resolved_at",), header=HEADER, line=_line,
    sorts={**SORTS, "callers": (Key("caller_count"), Key("pk"))},
)  # fmt: skip
