"""What stands around an incident: callers, parts, what is due."""

from collections.abc import Sequence
from datetime import datetime

from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.workflow import OPEN
from kernel.actor import Actor
from records.models import Watcher


def parts(actor: Actor, incident: Incident) -> list[Incident]:
    """Incidents that are resolved with this one, as far as the actor may see them."""
    rows = INCIDENTS.visible_to(actor).select_related("record").filter(record__parent=incident.pk)
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
