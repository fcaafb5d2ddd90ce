"""One incident, and what stands around it."""

from collections.abc import Sequence
from datetime import datetime

from django.db.models import QuerySet

from incidents.models import Incident
from incidents.workflow import OPEN
from kernel.actor import Actor
from kernel.errors import NotFound
from records import queries as records
from records.models import Record, Watcher

RELATED = (
    "record__requester", "record__owner_team", "record__contact_owner", "record__service__component",
    "record__component__type", "record__category", "record__parent", "record__merged_into", "major_leader",
    "resolved_by",
)  # fmt: skip


def visible_to(actor: Actor) -> QuerySet[Incident]:
    """Incidents that the actor may see."""
    return Incident.objects.filter(records.visible_q(actor, "record__"))


def by_number(actor: Actor, number: str) -> Incident:
    """The incident with that number, with everything its page names; NotFound when absent or hidden, alike."""
    found = visible_to(actor).select_related(*RELATED).filter(record__number=number.upper()).first()
    if found is None:
        raise NotFound(f"No record {number}.")
    return found


def by_id(pk: int) -> Incident:
    """The incident with that id, for sweeps and reactions; Incident.DoesNotExist when there is none."""
    return Incident.objects.select_related("record__service", "record__parent", "record__owner_team").get(pk=pk)


def of_record(record: Record) -> Incident:
    """The incident of a record at hand, sharing that very object and so its lock."""
    incident = Incident.objects.get(pk=record.pk)
    incident.record = record
    return incident


def parts(actor: Actor, incident: Incident) -> list[Incident]:
    """Incidents that are resolved with this one, as far as the actor may see them."""
    rows = visible_to(actor).select_related("record").filter(record__parent=incident.pk)
    return list(rows.order_by("record__number"))


def open_part_ids(pk: int) -> list[int]:
    """Ids of the open parts of a main incident."""
    rows = Incident.objects.filter(record__parent=pk, record__state__in=OPEN)
    return list(rows.order_by("pk").values_list("pk", flat=True))


def callers(incident: Incident) -> list[Watcher]:
    """People who reported the same, beside the requester, in the order in which they did."""
    rows = Watcher.objects.filter(record=incident.pk, is_caller=True).exclude(user=incident.record.requester_id)
    return list(rows.select_related("user").order_by("pk"))


def due_to_close(at: datetime, limit: int) -> Sequence[int]:
    """Resolved incidents whose time to close has come, longest due first."""
    rows = Incident.objects.filter(closes_at__lte=at, record__state="resolved")
    return list(rows.order_by("closes_at").values_list("pk", flat=True)[:limit])


def due_for_update(at: datetime, limit: int) -> Sequence[int]:
    """Open major incidents whose promised update is due and whose leader was not reminded yet."""
    rows = Incident.objects.filter(remind_update_at__lte=at, record__state__in=OPEN)
    return list(rows.order_by("remind_update_at").values_list("pk", flat=True)[:limit])
