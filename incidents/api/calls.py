"""/api/v1/incidents/: list, read, open, change, and every step; what all records have is at /api/v1/records/."""

from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from incidents import commands
from incidents.api.shapes import CallerOut, ChangeIn, IncidentOut, OpeningIn, PreviewIn, PreviewOut, RowOut
from incidents.filters import IncidentFilter
from incidents.forms.listing import BULK_VERBS
from incidents.forms.pages import PAGES
from incidents.models import Incident
from incidents.queries import call, console, detail
from incidents.queries.facts import DETAILS
from incidents.queries.listing import LISTED
from kernel.actor import Actor
from kernel.errors import Unprocessable
from processes.rest import NUMBER, RecordApi, RecordViewSet
from processes.rows import Row
from records import commands as records
from records import policies

REPORTED = ("title", "description", "impact", "urgency", "component", "caller")
OPENED = OpenApiExample(
    "A call", request_only=True, value={"title": "VPN drops", "caller": 12, "impact": 3, "urgency": 1}
)
CHANGED = OpenApiExample("A workaround", request_only=True, value={"workaround": "Use the phone.", "tags": ["vpn"]})


def _whole(_actor: Actor, incident: Incident, _row: Row) -> dict[str, Any]:
    record = incident.record
    return {
        "impact": incident.impact, "urgency": incident.urgency, "resolution": incident.resolution,
        "workaround": incident.workaround, "supplier": incident.supplier,
        "supplier_reference": incident.supplier_reference,
        "part_of": record.parent.number if record.parent else None,
        "merged_into": record.merged_into.number if record.merged_into else None,
    }  # fmt: skip


class Incidents(RecordViewSet):
    """List, read, open and change incidents; each step of their life is a POST."""

    of = RecordApi(
        listed=LISTED, pages=PAGES, filters=IncidentFilter, row=RowOut, out=IncidentOut, whole=_whole, tag="incidents",
        bulk=BULK_VERBS,
        changers=Access(Who.ALLOWED, (Permission.INCIDENT_WORK, Permission.WORK_ASSIGN, Permission.INCIDENT_CLOSE)),
        readers=Access(Who.ALLOWED, (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL)),
    )  # fmt: skip

    access: ClassVar[dict[str, Access]] = {"preview": Access(Who.ALLOWED, (Permission.INCIDENT_LOG,))}

    @extend_schema(
        operation_id="incidents_open", request=OpeningIn, responses={201: IncidentOut}, examples=[OPENED],
        tags=["incidents"],
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Open an incident. Staff log for a caller; everybody reports what they see themselves."""
        values = rest.checked(OpeningIn, request)
        if not self.actor.may_somewhere(Permission.INCIDENT_LOG):
            _check_reported(values)
            values |= {"caller": values.get("caller") or console.person(self.actor.id), "channel": "portal"}
        values["tags"] = tuple(values.get("tags", ()))
        opening = commands.IncidentOpening(**values)

        def work(at: datetime) -> Response:
            incident = commands.open_incident(opening, actor=self.actor, at=at)
            return self.shown(incident, at, status=201)

        return self.act(work)

    @extend_schema(
        operation_id="incidents_change", parameters=[NUMBER, rest.SEEN], request=ChangeIn, responses=IncidentOut,
        tags=["incidents"], examples=[CHANGED],
    )  # fmt: skip
    def partial_update(self, request: Request, number: str) -> Response:
        """Change fields. Needs If-Match with the version that you saw: 412 when it has moved on, 428 without."""
        incident = self.by_number(number)
        values = rest.checked(ChangeIn, request, partial=True)
        details = {name: values.pop(name) for name in DETAILS if name in values}

        def work(at: datetime) -> Response:
            at = records.lock(incident.record, at=at)
            rest.match(request, incident.record.version, is_required=True)
            commands.edit_incident(incident, facts=values, details=details, actor=self.actor, at=at)
            return self.shown(self.by_number(number), at)

        return self.act(work)

    @extend_schema(
        operation_id="incidents_callers", parameters=[NUMBER], responses=CallerOut(many=True), tags=["incidents"]
    )
    @action(detail=True, methods=["get"], url_path="callers", url_name="callers")
    def callers(self, request: Request, number: str) -> Response:
        """Who reported the same, and how to reach them; for those who work on it."""
        found = self.by_number(number)
        policies.require(policies.can_read_internal, self.actor, found.record)
        return rest.listed(request, detail.callers(found), CallerOut)

    @extend_schema(operation_id="incidents_preview", request=PreviewIn, responses=PreviewOut, tags=["incidents"])
    @action(detail=False, methods=["post"], url_path="preview", url_name="preview")
    def preview(self, request: Request) -> Response:
        """What would come of a call: priority, promise, the same fault, what the caller has open. Changes nothing."""
        values, at = rest.checked(PreviewIn, request), timezone.now()
        caller, component = values.get("caller"), values.get("component")
        typed = call.Typed(
            caller_id=caller.pk if caller else None, component_id=component.pk if component else None,
            about=values["title"], impact=values["impact"], urgency=values["urgency"], priority=values["priority"],
        )  # fmt: skip
        return Response(PreviewOut(call.situation(self.actor, typed, at=at)).data)


def _check_reported(values: dict[str, Any]) -> None:
    """What an own report may say, as on the page; the rest is the service desk's."""
    faults = {name: [_("Only the service desk says this. Leave it out.")] for name in values if name not in REPORTED}
    if faults:
        raise Unprocessable(next(iter(faults.values()))[0], fields=faults)
