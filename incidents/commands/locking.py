"""The first line of every command here: the record's row is the lock of the incident as well (ARCHITECTURE 5)."""

from datetime import datetime

from incidents.models import Incident
from records import commands as records

OWN_COLUMNS = [field.attname for field in Incident._meta.concrete_fields if not field.primary_key]  # noqa: SLF001  # the documented model Meta API


def lock(*incidents: Incident, at: datetime) -> datetime:
    """Lock the records in one call, read the incidents' own columns again; returns `at` as `records.lock` does."""
    at = records.lock(*(incident.record for incident in incidents), at=at)
    _read_again(incidents)
    return at


def lock_family(*incidents: Incident, at: datetime) -> datetime:
    """The same for incidents with their parents, parts and duplicates; instead of `lock`, never after it."""
    at = records.lock_family(*(incident.record for incident in incidents), at=at)
    _read_again(incidents)
    return at


def _read_again(incidents: tuple[Incident, ...]) -> None:
    fresh = Incident.objects.in_bulk([incident.pk for incident in incidents])
    for incident in incidents:
        for name in OWN_COLUMNS:
            setattr(incident, name, getattr(fresh[incident.pk], name))
