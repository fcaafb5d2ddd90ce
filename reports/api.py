"""/api/v1/reports/wall/: the wall's figures, and the records behind each of them."""

from collections.abc import Mapping
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from journal.units import database_now
from kernel.paging import Key
from records.models import Record
from records.queries.page import url_of
from reports import queries

FIGURES = ("at_desk", "due", "in_time", "judged", "late", "open", "opened", "overdue", "resolved", "unrouted")
FIGURE = OpenApiParameter("figure", str, OpenApiParameter.PATH, enum=list(FIGURES))
PERIOD = OpenApiParameter("period", str, enum=list(queries.PERIODS), description="today without it")

SERVICE = OpenApiParameter("service", str, description="Code of a service; all without it")


class FigureRecordOut(serializers.Serializer[Any]):
    """A record behind a figure."""

    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    priority = serializers.IntegerField()
    service = serializers.CharField(source="service.code", default=None, allow_null=True)
    team = serializers.CharField(source="owner_team.code", default=None, allow_null=True)
    component = serializers.CharField(source="component.tag", default=None, allow_null=True)
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(allow_null=True)
    url = serializers.SerializerMethodField()

    def get_url(self, record: Record) -> str:
        """Address of its page."""
        return url_of(record)


class OldestOut(serializers.Serializer[Any]):
    """The record that has been open for longest."""

    number = serializers.CharField()
    title = serializers.CharField()
    opened_at = serializers.DateTimeField()


class NowOut(serializers.Serializer[Any]):
    """This minute; each number stops at 1,000."""

    overdue = serializers.IntegerField()
    due = serializers.IntegerField(help_text="Due within the hour.")
    unrouted = serializers.IntegerField()
    oldest = OldestOut(allow_null=True)


class PeriodOut(serializers.Serializer[Any]):
    """What happened in a period; `share` is in time ÷ resolved in percent, null without any."""

    opened = serializers.IntegerField()
    resolved = serializers.IntegerField()
    in_time = serializers.IntegerField()
    late = serializers.IntegerField()
    at_desk = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)


class TrendOut(serializers.Serializer[Any]):
    """A service over the last 14 ended days, oldest first; null stands for all services together."""

    service = serializers.CharField(source="service.code", default=None, allow_null=True)
    opened = serializers.ListField(child=serializers.IntegerField())
    in_time = serializers.IntegerField()
    late = serializers.IntegerField()
    share = serializers.IntegerField(allow_null=True)


class WallOut(serializers.Serializer[Any]):
    """Are we keeping our promises?"""

    at = serializers.DateTimeField()
    now = NowOut()
    today = PeriodOut()
    month = PeriodOut()
    trends = TrendOut(many=True)


class Wall(rest.ViewSet):
    """The wall: over what the caller may see. A token needs records:read beside reports:read to see all records."""

    access: ClassVar[Mapping[str, Access]] = {"*": Access(Who.ALLOWED, (Permission.REPORTS_READ,))}
    scope_read = "reports:read"
    lookup_field = lookup_url_kwarg = "figure"
    lookup_value_regex = "|".join(FIGURES)
    serializer_class = WallOut

    @extend_schema(operation_id="reports_wall", tags=["reports"], responses=WallOut, filters=False)
    def list(self, request: Request) -> Response:
        """Overdue, due, unrouted, oldest; today and this month; trends per service. Counts what the caller may see."""
        del request
        at, actor = database_now(), self.actor
        found = queries.periods(actor, {name: queries.span_of(name, at) for name in ("today", "month")})
        body = {
            "at": at, "now": queries.now(actor, at), "trends": queries.trends(at),
            **found,
        }  # fmt: skip
        return Response(WallOut(body).data)

    @extend_schema(
        operation_id="reports_figure",
        tags=["reports"],
        parameters=[FIGURE, PERIOD, SERVICE],
        responses=FigureRecordOut(many=True),
    )
    def retrieve(self, request: Request, figure: str) -> Response:
        """The records behind a figure, oldest first."""
        at = database_now()
        period, service = (request.query_params.get(name, "") for name in ("period", "service"))
        span = queries.span_of(period if period in queries.PERIODS else "today", at, service)
        rows = queries.behind(self.actor, figure, span=span, at=at)
        page = rest.paged(request, rows, (Key("opened_at"), Key("id")))
        return Response(rest.envelope(request, FigureRecordOut(page.rows, many=True).data, page))


ROUTES = [("reports/wall", Wall, "wall-api")]
