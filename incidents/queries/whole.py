"""One incident with everything that is known of it, as the API shows it."""

from dataclasses import fields
from datetime import datetime
from typing import Any

from incidents.models import Incident
from incidents.queries.listing import rows_of


def values_of(incident: Incident, at: datetime) -> dict[str, Any]:
    """The row of the list and what the list leaves out."""
    row, record = rows_of([incident], at)[0], incident.record
    return {field.name: getattr(row, field.name) for field in fields(row)} | {
        "description": record.description, "version": record.version, "impact": incident.impact,
        "urgency": incident.urgency, "waiting_reason": record.waiting_reason, "cause": incident.cause,
        "resolution": incident.resolution, "workaround": incident.workaround, "supplier": incident.supplier,
        "supplier_reference": incident.supplier_reference, "part_of": record.parent.number if record.parent else "",
    }  # fmt: skip
