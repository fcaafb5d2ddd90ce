"""The alerts behind an incident."""

from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access
from intake import commands, queries
from kernel.paging import Key
from records import policies
from records.queries import by_number

ID = OpenApiParameter("id", int, OpenApiParameter.PATH, description="id of the alert")
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="For example INC-2400.")


class AlertOut(serializers.Serializer[Any]):
    """One fault as a monitoring system sees it; `count` is how often it was told."""

    id = serializers.IntegerField()
    title = serializers.CharField()
    source = serializers.CharField(source="source.code")  # type: ignore[assignment]  # a member named source
    state = serializers.CharField()
    component = serializers.CharField(source="component.tag", default=None, allow_null=True)
    labels = serializers.DictField(child=serializers.CharField())
    annotations = serializers.DictField(child=serializers.CharField())
    url = serializers.CharField()
    count = serializers.IntegerField()
    first_seen_at = serializers.DateTimeField()
    last_seen_at = serializers.DateTimeField()
    resolved_at = serializers.DateTimeField(allow_null=True)
    is_false_alarm = serializers.BooleanField()


class RecordAlerts(rest.ViewSet):
    """Alerts of one record."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read = "records:read"

    @extend_schema(operation_id="records_alerts", tags=["records"], parameters=[NUMBER], responses=AlertOut(many=True))
    def list(self, request: Request, number: str) -> Response:
        """The alerts behind an incident, newest first, with their counts; for those who work on it."""
        record = by_number(self.actor, number)
        policies.require(policies.can_read_internal, self.actor, record)
        rows = queries.groups_of(record.pk)
        page = rest.paged(request, rows, (Key("id", is_descending=True),))
        return Response(rest.envelope(request, AlertOut(page.rows, many=True).data, page))


class Alerts(rest.ViewSet):
    """One alert."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"

    @extend_schema(operation_id="alerts_false", tags=["records"], parameters=[ID], request=None, responses={204: None})
    def false_alarm(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """It was wrong: counted against the alert, so that its rule can be mended."""
        del request
        return self.done(commands.mark_false_alarm, queries.group(self.actor, int(id)))


urlpatterns = [
    path("records/<str:number>/alerts/", RecordAlerts.as_view({"get": "list"}), name="record-api-alerts"),
    path("alerts/<int:id>/false/", Alerts.as_view({"post": "false_alarm"}), name="alert-api-false"),
]
