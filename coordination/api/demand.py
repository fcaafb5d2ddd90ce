"""/api/v1/demand/: demand and capacity by competence and week, and what stands behind each number."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from coordination.queries.demand import SPANS, demand_table
from coordination.queries.demand_lists import WORK_KEYS, people_behind, place_of, span_of, work_behind, work_rows

READ = Access(Who.ALLOWED, (Permission.CAPACITY_READ,))
WEEKS = OpenApiParameter("weeks", int, enum=list(SPANS), description="How many weeks; 4 without it.")
PLACE = [
    OpenApiParameter("competence", str, description="Code, or `none` for work that asks for none; all without it."),
    OpenApiParameter("level", int, enum=[1, 2, 3], description="This level and above; 1 without it."),
    OpenApiParameter("week", int, description="From 0, the next seven days; all weeks without it."), WEEKS,
]  # fmt: skip


class WeekOut(serializers.Serializer[Any]):
    """Seven days."""

    start = serializers.DateTimeField()
    end = serializers.DateTimeField()


class CellOut(serializers.Serializer[Any]):
    """A week of a line, or all of them: minutes, people with any hours, work items."""

    free_minutes = serializers.IntegerField(source="free")
    demanded_minutes = serializers.IntegerField(source="demanded")
    short_minutes = serializers.IntegerField(source="short", help_text="Missing; 0 when the work fits.")
    people = serializers.IntegerField()
    work_items = serializers.IntegerField(source="items")


class LineOut(serializers.Serializer[Any]):
    """A competence at a level and above; an empty code: work that asks for no competence, or the total."""

    competence = serializers.CharField(source="code")
    name = serializers.DictField(child=serializers.CharField())
    level = serializers.IntegerField()
    holders = serializers.IntegerField()
    weeks = CellOut(source="cells", many=True)
    whole = CellOut()
    advice = serializers.CharField()


class DemandOut(serializers.Serializer[Any]):
    """The table; `later` is work that belongs to a week after the last one."""

    at = serializers.DateTimeField()
    weeks = WeekOut(many=True)
    lines = LineOut(many=True)
    total = LineOut()
    later = CellOut()


class DemandWorkOut(serializers.Serializer[Any]):
    """A work item that counts, and the date that puts it into its week (null: none, so the first)."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    priority = serializers.IntegerField()
    state = serializers.CharField()
    assignee = serializers.CharField()
    remaining_minutes = serializers.IntegerField()
    decides = serializers.DateTimeField(allow_null=True)


class DemandPersonOut(serializers.Serializer[Any]):
    """Somebody whose hours count; `load_minutes` is what they have already."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    level = serializers.IntegerField()
    free_minutes = serializers.IntegerField()
    load_minutes = serializers.IntegerField()
    held = serializers.IntegerField()
    limit = serializers.IntegerField()


class Demand(rest.View):
    """Demand and capacity. A token needs records:read beside reports:read to count all work."""

    access = READ
    scope_read = "reports:read"

    @extend_schema(operation_id="demand", tags=["work"], parameters=[WEEKS], responses=DemandOut)
    def get(self, request: Request) -> Response:
        """Hours asked for and hours there are, by competence and week, of what the caller may see."""
        table = demand_table(self.actor, span_of(request.query_params.dict()), timezone.now())
        return Response(DemandOut(table).data)


class Behind(rest.ViewSet):
    """What stands behind the numbers of the table."""

    access: ClassVar[Mapping[str, Access]] = {"*": READ}
    scope_read = "reports:read"
    serializer_class = DemandWorkOut

    @extend_schema(operation_id="demand_work", tags=["work"], parameters=PLACE, filters=False,
                   responses=DemandWorkOut(many=True))  # fmt: skip
    @action(detail=False, methods=["get"], url_path="work", url_name="work")
    def work(self, request: Request) -> Response:
        """The work behind a number of demanded minutes."""
        place = place_of(request.query_params.dict())
        page = rest.paged(request, work_behind(self.actor, place, timezone.now()), WORK_KEYS)
        return Response(rest.envelope(request, DemandWorkOut(work_rows(page.rows), many=True).data, page))

    @extend_schema(operation_id="demand_people", tags=["work"], parameters=PLACE, filters=False,
                   responses=DemandPersonOut(many=True))  # fmt: skip
    @action(detail=False, methods=["get"], url_path="people", url_name="people")
    def people(self, request: Request) -> Response:
        """The people behind a number of free minutes, most first."""
        place = place_of(request.query_params.dict())
        return rest.listed(request, people_behind(self.actor, place, timezone.now()), DemandPersonOut)


urlpatterns = [path("demand/", Demand.as_view(), name="demand-api")]
