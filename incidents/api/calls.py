"""/api/v1/incidents/: list, read, open, change, and every step; what all records have is at /api/v1/records/."""

from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access, Who
from accounts.rest.paging import envelope
from accounts.roles import Permission
from incidents import commands
from incidents.api.shapes import ChangeIn, IncidentOut, OpeningIn, RowOut
from incidents.api.steps import NUMBER, STEPS
from incidents.filters import IncidentFilter
from incidents.models import Incident
from incidents.queries import console, detail, listing, whole
from kernel.errors import Unprocessable
from records import commands as records

STAFF = Access(Who.ALLOWED, (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL))
REPORTED = ("title", "description", "impact", "urgency", "component", "caller")
DETAILS = ("workaround", "tags", "supplier_reference")
FILTERS = [OpenApiParameter(name, str, description=str(each.label)) for name, each in
           IncidentFilter.base_filters.items()]  # fmt: skip
SORT = OpenApiParameter("sort", str, enum=sorted({*listing.SORTS, *(f"-{each}" for each in listing.SORTS)}),
                        description="due without it; a minus turns it round")  # fmt: skip
OPENED = OpenApiExample(
    "A call", request_only=True, value={"title": "VPN drops", "caller": 12, "impact": 3, "urgency": 1}
)
CHANGED = OpenApiExample("A workaround", request_only=True, value={"workaround": "Use the phone.", "tags": ["vpn"]})


class Incidents(rest.ViewSet):
    """List, read, open and change incidents; each step of their life is a POST."""

    access: ClassVar[dict[str, Access]] = {"list": STAFF, "*": SIGNED_IN}
    scope_read, scope_write = "records:read", "records:write"
    lookup_field, lookup_url_kwarg = "number", "number"
    serializer_class = IncidentOut

    def get_queryset(self) -> QuerySet[Incident]:
        """Filtered as the list page is."""
        rows = whole.for_api(self.actor)
        chosen: QuerySet[Incident] = IncidentFilter(
            self.request.query_params, queryset=rows, actor=self.actor, at=timezone.now()
        ).qs
        return chosen

    @extend_schema(
        operation_id="incidents_list", parameters=[*FILTERS, SORT], responses=RowOut(many=True), tags=["incidents"]
    )
    def list(self, request: Request) -> Response:
        """Incidents that you may see, open ones unless `state` says otherwise; filters and sort as on the page."""
        keys = listing.keys_of(request.query_params.get("sort", "due"))
        page = rest.paged(request, self.get_queryset(), keys)
        return Response(envelope(request, _as(RowOut, whole.api_rows(self.actor, page.rows, timezone.now())), page))

    @extend_schema(operation_id="incidents_read", parameters=[NUMBER], responses=IncidentOut, tags=["incidents"])
    def retrieve(self, request: Request, number: str) -> Response:
        """One incident, with its ETag."""
        del request
        return self.shown(detail.by_number(self.actor, number), timezone.now())

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
        incident = detail.by_number(self.actor, number)
        values = rest.checked(ChangeIn, request, partial=True)
        details = {name: values.pop(name) for name in DETAILS if name in values}

        def work(at: datetime) -> Response:
            at = records.lock(incident.record, at=at)
            rest.match(request, incident.record.version, is_required=True)
            commands.edit_incident(incident, facts=values, details=details, actor=self.actor, at=at)
            return self.shown(detail.by_number(self.actor, number), at)

        return self.act(work)

    def shown(self, incident: Incident, at: datetime, *, status: int = 200) -> Response:
        """The incident as far as the caller may read it, with its ETag."""
        body = _as(IncidentOut, [whole.api_whole(self.actor, incident, at)])[0]
        return Response(body, status=status, headers=rest.etag(incident.record.version))

    step_take = STEPS["take"]
    step_begin = STEPS["begin"]
    step_give = STEPS["give"]
    step_give_back = STEPS["give_back"]
    step_hold = STEPS["hold"]
    step_resume = STEPS["resume"]
    step_resolve = STEPS["resolve"]
    step_close = STEPS["close"]
    step_reopen = STEPS["reopen"]
    step_cancel = STEPS["cancel"]
    step_prioritise = STEPS["prioritise"]
    step_escalate = STEPS["escalate"]
    step_caller = STEPS["caller"]
    step_update = STEPS["update"]
    step_merge = STEPS["merge"]
    step_part = STEPS["part"]
    step_major = STEPS["major"]
    step_stand_down = STEPS["stand_down"]


def _as(shape: type[RowOut], rows: list[dict[str, Any]]) -> Any:
    """Rendered rows; members that the reader may not know are not there. One serializer: making its fields is dear."""
    draw = shape().to_representation
    return [{name: value for name, value in draw(row).items() if name in row} for row in rows]


def _check_reported(values: dict[str, Any]) -> None:
    """What an own report may say, as on the page; the rest is the service desk's."""
    faults = {name: [_("Only the service desk says this. Leave it out.")] for name in values if name not in REPORTED}
    if faults:
        raise Unprocessable(next(iter(faults.values()))[0], fields=faults)
