"""Incidents over REST: the same queries, commands, forms and permissions as the pages."""

from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access, Who
from accounts.rest.paging import envelope
from accounts.roles import Permission
from incidents import commands
from incidents.filters import IncidentFilter
from incidents.forms.verbs import VERBS
from incidents.models import Incident
from incidents.policies import can_read_all_of
from incidents.queries import choices, console, detail, listing, whole
from journal.units import database_now
from kernel.errors import NotFound, Unprocessable
from kernel.paging import Key
from records import commands as records

STAFF = Access(Who.ALLOWED, (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL))
PUBLIC_FIELDS = frozenset({"number", "title", "description", "state", "phase", "priority", "opened_at", "closed_at",
                           "resolved_at", "version"})  # fmt: skip
"""What a requester reads of an own incident; everything else is for staff."""

REPORTED = ("title", "description", "impact", "urgency", "component", "caller")


class ClockOut(serializers.Serializer[Any]):
    """One promise; `left` is working time in seconds, negative once overdue."""

    metric = serializers.CharField()
    state = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    used_percent = serializers.IntegerField()


class RowOut(serializers.Serializer[Any]):
    """An incident as a list shows it."""

    number = serializers.CharField()
    title = serializers.CharField()
    priority = serializers.IntegerField()
    state = serializers.CharField()
    phase = serializers.CharField()
    line = serializers.CharField()
    requester = serializers.CharField()
    component = serializers.CharField()
    service = serializers.CharField()
    team = serializers.CharField()
    assignee = serializers.CharField()
    category = serializers.CharField()
    caller_count = serializers.IntegerField()
    tags = serializers.ListField(child=serializers.CharField())
    is_major = serializers.BooleanField()
    opened_at = serializers.DateTimeField()
    last_at = serializers.DateTimeField()
    due_at = serializers.DateTimeField(allow_null=True)
    resolved_at = serializers.DateTimeField(allow_null=True)
    closed_at = serializers.DateTimeField(allow_null=True)
    clocks = ClockOut(many=True)


class IncidentOut(RowOut):
    """An incident whole; a requester gets the public part of an own one."""

    description = serializers.CharField()
    version = serializers.IntegerField()
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    waiting_reason = serializers.CharField()
    cause = serializers.CharField()
    resolution = serializers.CharField()
    workaround = serializers.CharField()
    supplier = serializers.CharField()
    supplier_reference = serializers.CharField()
    part_of = serializers.CharField()


class CommentIn(serializers.Serializer[Any]):
    """Words; internal unless they are said to be public."""

    body = serializers.CharField(max_length=50_000)
    is_public = serializers.BooleanField(default=False)


class CommentOut(CommentIn):
    """What somebody wrote."""

    id = serializers.IntegerField()
    author = serializers.CharField(source="author.name", default=None, allow_null=True)
    channel = serializers.CharField()
    at = serializers.DateTimeField()


class FactsIn(serializers.Serializer[Any]):
    """What can be changed of an incident; things are named by code, tag or id."""

    title = serializers.CharField(max_length=200, required=False)
    description = serializers.CharField(required=False, allow_blank=True, max_length=50_000)
    service = serializers.SlugRelatedField(
        slug_field="code", queryset=choices.services(), required=False, allow_null=True
    )
    component = serializers.SlugRelatedField(
        slug_field="tag", queryset=choices.components(), required=False, allow_null=True
    )
    category = serializers.SlugRelatedField(
        slug_field="code", queryset=choices.categories(), required=False,
        allow_null=True,
    )  # fmt: skip
    tags = serializers.ListField(child=serializers.CharField(max_length=40), required=False, max_length=20)


class ChangeIn(FactsIn):
    """A change of fields."""

    workaround = serializers.CharField(required=False, allow_blank=True, max_length=20_000)
    supplier_reference = serializers.CharField(required=False, allow_blank=True, max_length=80)


class OpeningIn(FactsIn):
    """A new incident. Only `title` is needed; staff name the caller, by id, or as a guest by name."""

    title = serializers.CharField(max_length=1000)
    caller = serializers.PrimaryKeyRelatedField(queryset=choices.callers(), required=False)
    guest = serializers.CharField(required=False, max_length=120)
    owner_team = serializers.SlugRelatedField(slug_field="code", queryset=choices.teams(), required=False)
    channel = serializers.ChoiceField(choices=Incident.Channel.choices, required=False)
    impact = serializers.IntegerField(min_value=1, max_value=4, required=False)
    urgency = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority = serializers.IntegerField(min_value=1, max_value=4, required=False)
    priority_reason = serializers.CharField(required=False, max_length=200)


NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="For example INC-2400.")
STEP = OpenApiParameter("step", OpenApiTypes.STR, OpenApiParameter.PATH, enum=sorted(VERBS))
OPENED = OpenApiExample("A call", request_only=True,
                        value={"title": "VPN drops", "caller": 12, "impact": 3, "urgency": 1})  # fmt: skip
RESOLVED = OpenApiExample("Resolve", request_only=True,
                          value={"cause": "network", "resolution": "New cable.", "tell_callers": True})  # fmt: skip


class Incidents(rest.ViewSet):
    """List, read, open and change incidents; each step of their life is a POST."""

    access: ClassVar[dict[str, Access]] = {"list": STAFF, "*": SIGNED_IN}
    scope_read, scope_write = "records:read", "records:write"
    lookup_field, lookup_url_kwarg = "number", "number"
    serializer_class = IncidentOut

    def get_queryset(self) -> QuerySet[Incident]:
        """Filtered as the list page is."""
        rows = listing.for_list(self.actor)
        chosen: QuerySet[Incident] = IncidentFilter(
            self.request.query_params, queryset=rows, actor=self.actor, at=database_now()
        ).qs
        return chosen

    @extend_schema(operation_id="incidents_list", responses=RowOut(many=True), tags=["incidents"])
    def list(self, request: Request) -> Response:
        """Incidents that you may see, open ones unless `state` says otherwise; filters and sort as on the page."""
        keys = listing.keys_of(request.query_params.get("sort", "due"))
        page = rest.paged(request, self.get_queryset(), keys)
        rows = listing.rows_of(page.rows, database_now())
        return Response(envelope(request, RowOut(rows, many=True).data, page))

    @extend_schema(operation_id="incidents_read", parameters=[NUMBER], responses=IncidentOut, tags=["incidents"])
    def retrieve(self, request: Request, number: str) -> Response:
        """One incident, with its ETag."""
        del request
        return self._shown(detail.by_number(self.actor, number))

    @extend_schema(
        operation_id="incidents_open", request=OpeningIn, responses={201: IncidentOut}, examples=[OPENED],
        tags=["incidents"],
    )  # fmt: skip
    def create(self, request: Request) -> Response:
        """Open an incident. Staff log for a caller; everybody reports what they see themselves."""
        values = _valid(OpeningIn(data=request.data))
        if not self.actor.may_somewhere(Permission.INCIDENT_LOG):
            _check_reported(values)
            values |= {"caller": values.get("caller") or console.person(self.actor.id), "channel": "portal"}
        values["tags"] = tuple(values.get("tags", ()))
        opening = commands.IncidentOpening(**values)

        def work(at: Any) -> Response:
            incident = commands.open_incident(opening, actor=self.actor, at=at)
            return self._shown(incident, status=201)

        return self.act(work)

    @extend_schema(
        operation_id="incidents_change", parameters=[NUMBER], request=ChangeIn, responses=IncidentOut,
        tags=["incidents"],
    )  # fmt: skip
    def partial_update(self, request: Request, number: str) -> Response:
        """Change fields. Needs If-Match with the version that you saw: 412 when it has moved on, 428 without."""
        incident = detail.by_number(self.actor, number)
        values = _valid(ChangeIn(data=request.data, partial=True))
        details: dict[str, Any] = {
            name: values.pop(name) for name in ("workaround", "tags", "supplier_reference") if name in values
        }

        def work(at: Any) -> Response:
            at = records.lock(incident.record, at=at)
            rest.match(request, incident.record.version, is_required=True)
            commands.edit_incident(incident, facts=values, details=details, actor=self.actor, at=at)
            return self._shown(detail.by_number(self.actor, number))

        return self.act(work)

    @extend_schema(
        operation_id="incidents_step", parameters=[NUMBER, STEP], request=OpenApiTypes.OBJECT, responses=IncidentOut,
        examples=[RESOLVED], tags=["incidents"],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="(?P<step>[a-z_]+)", url_name="step")
    def step(self, request: Request, number: str, step: str) -> Response:
        """Take a step: take, hold, resume, resolve, close, reopen, cancel, escalate and the others of the page."""
        incident, verb = detail.by_number(self.actor, number), VERBS.get(step)
        if verb is None:
            raise NotFound(f"No step {step}.")
        form = verb.form(request.data, incident=incident, actor=self.actor)
        if not form.is_valid():
            fields = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
            raise Unprocessable(next(iter(fields.values()))[0], fields=fields)

        def work(at: Any) -> Response:
            at = records.lock(incident.record, at=at)
            rest.match(request, incident.record.version)
            verb.run(incident, form.cleaned_data, actor=self.actor, at=at)
            return self._shown(detail.by_number(self.actor, number))

        return self.act(work)

    @extend_schema(
        operation_id="incidents_comments", parameters=[NUMBER], responses=CommentOut(many=True), tags=["incidents"]
    )
    @action(detail=True, methods=["get"], url_path="comments", url_name="comments")
    def comments(self, request: Request, number: str) -> Response:
        """What was written on it, oldest first; requesters read what is public."""
        found = detail.comments(self.actor, detail.by_number(self.actor, number))
        page = rest.paged(request, found, (Key("id"),))
        return Response(envelope(request, CommentOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="incidents_comment", parameters=[NUMBER], request=CommentIn, responses={201: CommentOut},
        tags=["incidents"],
    )  # fmt: skip
    @comments.mapping.post
    def comment(self, request: Request, number: str) -> Response:
        """Write an internal note, or with `is_public` a reply that the requester reads."""
        record = detail.by_number(self.actor, number).record
        values = _valid(CommentIn(data=request.data))

        def work(at: Any) -> Response:
            written = records.comment(record, **values, channel="api", actor=self.actor, at=at)
            return Response(CommentOut(written).data, status=201)

        return self.act(work)

    def _shown(self, incident: Incident, *, status: int = 200) -> Response:
        body = whole.values_of(incident, database_now())
        shown = dict(IncidentOut(body).data)
        if not can_read_all_of(self.actor, incident):
            shown = {name: value for name, value in shown.items() if name in PUBLIC_FIELDS}
        return Response(shown, status=status, headers=rest.etag(incident.record.version))


def _check_reported(values: dict[str, Any]) -> None:
    """What an own report may say, as on the page; the rest is the service desk's."""
    faults = {name: [_("Only the service desk says this. Leave it out.")] for name in values if name not in REPORTED}
    if faults:
        raise Unprocessable(next(iter(faults.values()))[0], fields=faults)


def _valid(serializer: serializers.Serializer[Any]) -> dict[str, Any]:
    serializer.is_valid(raise_exception=True)
    return dict(serializer.validated_data)


ROUTES = [("incidents", Incidents, "incident")]
