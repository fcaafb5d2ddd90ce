"""/api/v1/components/: the same commands and the same permissions as the pages."""

from collections.abc import Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from kernel.bulk import MOST
from kernel.paging import Key, ordering
from registry import commands, queries
from registry.filters import ComponentFilter
from registry.models import Component
from registry.queries import named

READ = Access(Who.ALLOWED, (Permission.REGISTRY_READ,))
EDIT = Access(Who.ALLOWED, (Permission.REGISTRY_EDIT,))
TAG = OpenApiParameter("tag", str, OpenApiParameter.PATH, description="vpn-gw-02")
FILTERS = [OpenApiParameter(name, str) for name in ComponentFilter.base_filters]
EXAMPLE = OpenApiExample("A gateway", request_only=True, value={
    "tag": "vpn-gw-02", "name": "VPN gateway 2", "type": "server", "owner_team": "network", "criticality": 1,
})  # fmt: skip


class ComponentInput(rest.Input):
    """Facts that every component has, and under `fields` those of its type."""

    tag = serializers.CharField(max_length=60)
    name = serializers.CharField(max_length=160)
    type = serializers.SlugRelatedField(slug_field="code", queryset=named.types())
    status = serializers.ChoiceField(Component.Status.choices, required=False)
    owner_team = serializers.SlugRelatedField(
        slug_field="code", queryset=named.teams(), required=False, allow_null=True
    )
    location = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.locations(), required=False, allow_null=True
    )
    holder = serializers.SlugRelatedField(
        slug_field="email", queryset=named.people(), required=False, allow_null=True, help_text="E-mail address"
    )
    criticality = serializers.IntegerField(min_value=1, max_value=4, required=False)
    serial = serializers.CharField(max_length=80, required=False, allow_blank=True)
    fields_of_type = serializers.DictField(required=False, help_text="Values of the type's own fields by key")


class ComponentOutput(serializers.Serializer[Any]):
    """A component."""

    tag = serializers.CharField()
    name = serializers.CharField()
    type = serializers.CharField(source="type.code")
    status = serializers.CharField()
    owner_team = serializers.CharField(source="owner_team.code", default=None, allow_null=True)
    location = serializers.CharField(source="location.code", default=None, allow_null=True)
    holder = serializers.CharField(source="holder.name", default=None, allow_null=True)
    criticality = serializers.IntegerField()
    serial = serializers.CharField()
    fields_of_type = serializers.DictField(source="fields")
    version = serializers.IntegerField()
    updated_at = serializers.DateTimeField()


class BulkFacts(rest.Input):
    """Facts that many may get at once."""

    status = serializers.ChoiceField(Component.Status.choices, required=False)
    owner_team = serializers.SlugRelatedField(
        slug_field="code", queryset=named.teams(), required=False, allow_null=True
    )
    location = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.locations(), required=False, allow_null=True
    )
    criticality = serializers.IntegerField(min_value=1, max_value=4, required=False)


BulkInput = rest.bulk_input(BulkFacts)
MANY = OpenApiExample("Two gateways", request_only=True, value={"rows": ["vpn-gw-01", "vpn-gw-02"], "criticality": 1})


class UndoInput(rest.Input):
    """Which change."""

    version = serializers.IntegerField(min_value=1, help_text="The version that it made.")


class RelationIn(rest.Input):
    """This component <kind> the target."""

    kind = serializers.SlugRelatedField(slug_field="code", queryset=queries.relation_kinds(), help_text="depends-on")
    target = serializers.SlugRelatedField(slug_field="tag", queryset=queries.components(), help_text="Tag")


class End(rest.Named):
    """One end of a relation."""

    tag = serializers.CharField()


class RelationOut(serializers.Serializer[Any]):
    """Source <kind> target: the source needs the target."""

    id = serializers.IntegerField()
    source = End()  # type: ignore[assignment]  # a member named source
    kind = serializers.CharField(source="kind.code")
    carries_impact = serializers.BooleanField(source="kind.carries_impact")
    target = End()


RELATED = OpenApiExample("Runs on a host", request_only=True, value={"kind": "runs-on", "target": "srv-12"})
RELATION = OpenApiParameter("relation", int, OpenApiParameter.PATH)


class ServiceHitOutput(serializers.Serializer[Any]):
    """A service that stops."""

    code = serializers.CharField()
    users = serializers.IntegerField()
    is_prioritised = serializers.BooleanField()


class HitOutput(serializers.Serializer[Any]):
    """A component that stops, and how many steps away it is."""

    tag = serializers.CharField()
    name = serializers.CharField()
    depth = serializers.IntegerField()


class ImpactOutput(serializers.Serializer[Any]):
    """What stops when the component stops; `total` counts all, `components` are the nearest 200."""

    services = ServiceHitOutput(many=True)
    components = HitOutput(many=True)
    total = serializers.IntegerField()
    people = serializers.IntegerField()


class Components(rest.ViewSet):
    """Components: list, read, add, change, and what stops with one."""

    access: ClassVar[Mapping[str, Access]] = {
        "create": EDIT, "partial_update": EDIT, "relate": EDIT, "unrelate": EDIT, "bulk": EDIT, "undo": EDIT,
        "*": READ,
    }  # fmt: skip
    scope_read, scope_write = "records:read", "registry:write"
    lookup_field = lookup_url_kwarg = "tag"
    lookup_value_regex = "[^/]+"
    serializer_class = ComponentOutput
    page_keys = (Key("name"), Key("id"))

    @extend_schema(operation_id="components_list", tags=["components"], parameters=FILTERS,
                   responses=ComponentOutput(many=True))  # fmt: skip
    def list(self, request: Request) -> Response:
        """Components by the filters of the page, by name."""
        rows = self.paginate_queryset(ComponentFilter(request.query_params, queryset=queries.components()).qs)
        return self.get_paginated_response(ComponentOutput(rows, many=True).data)

    @extend_schema(operation_id="components_read", tags=["components"], parameters=[TAG], responses=ComponentOutput)
    def retrieve(self, request: Request, tag: str) -> Response:
        """One component, with its version as ETag."""
        return _shown(queries.component(tag))

    @extend_schema(operation_id="components_create", tags=["components"], examples=[EXAMPLE],
                   request=ComponentInput, responses={201: ComponentOutput})  # fmt: skip
    def create(self, request: Request) -> Response:
        """Add a component."""
        values = _checked(request)

        def work(at: datetime) -> Response:
            return _shown(commands.save_component(None, values, actor=self.actor, at=at), status=201)

        return self.act(work)

    @extend_schema(operation_id="components_edit", tags=["components"], parameters=[TAG, rest.SEEN],
                   request=ComponentInput, responses=ComponentOutput)  # fmt: skip
    def partial_update(self, request: Request, tag: str) -> Response:
        """Change facts. If-Match is needed: 428 without it, 412 when somebody was first."""
        values = _checked(request, partial=True)

        def work(at: datetime) -> Response:
            found = queries.component(tag)
            rest.match(request, found.version, is_required=True)
            seen = rest.expected_version(request)
            with rest.conditional():
                return _shown(commands.save_component(found, values, seen_version=seen, actor=self.actor, at=at))

        return self.act(work)

    @extend_schema(
        operation_id="components_bulk", tags=["components"], request=BulkInput, responses=rest.BulkOut,
        examples=[MANY],
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="bulk", url_name="bulk")
    def bulk(self, request: Request) -> Response:
        """Change facts of many: each by itself, with its result; `undo` is the version to take back."""
        chosen, left = rest.rows_chosen(request)
        given = BulkFacts(data=left)
        given.is_valid(raise_exception=True)

        def one(tag: str, at: datetime) -> int:
            found, values = queries.component(tag), dict(given.validated_data)
            return int(commands.save_component(found, values, actor=self.actor, at=at).version)

        return rest.each(request, chosen or self._matching(request), one, actor=self.actor)

    def _matching(self, request: Request) -> Sequence[str]:
        rows = ComponentFilter(request.query_params, queryset=queries.components()).qs.order_by(
            *ordering(self.page_keys)
        )
        return tuple(rows.values_list("tag", flat=True)[: MOST + 1])

    @extend_schema(
        operation_id="components_undo", tags=["components"], parameters=[TAG], request=UndoInput,
        responses=ComponentOutput,
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="undo", url_name="undo")
    def undo(self, request: Request, tag: str) -> Response:
        """Take back one's own change of the last minute, while nothing else has changed; 409 `too_late` later."""
        found, version = queries.component(tag), rest.checked(UndoInput, request)["version"]
        return self.act(lambda at: _shown(commands.undo_save(found, version, actor=self.actor, at=at)))

    @extend_schema(operation_id="components_impact", tags=["components"], parameters=[TAG], responses=ImpactOutput)
    @action(detail=True, methods=["get"], url_path="impact", url_name="impact")
    def impact(self, request: Request, tag: str) -> Response:
        """What stops when it stops, nearest first."""
        return Response(ImpactOutput(queries.impact(queries.component(tag).pk)).data)

    @extend_schema(
        operation_id="components_relations", tags=["components"], parameters=[TAG], responses=RelationOut(many=True)
    )
    @action(detail=True, methods=["get"], url_path="relations", url_name="relations")
    def relations(self, request: Request, tag: str) -> Response:
        """What it needs and what needs it, one step away."""
        page = rest.paged(request, queries.relations_with(queries.component(tag)), (Key("id"),))
        return Response(rest.envelope(request, RelationOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="components_relate", tags=["components"], parameters=[TAG], request=RelationIn,
        responses={201: RelationOut}, examples=[RELATED],
    )  # fmt: skip
    @relations.mapping.post
    def relate(self, request: Request, tag: str) -> Response:
        """Note that it needs another component; when that one stops, so does this one if the kind says so."""
        source, values = queries.component(tag), rest.checked(RelationIn, request)

        def work(at: datetime) -> Response:
            made = commands.relate(source, values["kind"], values["target"], actor=self.actor, at=at)
            return Response(RelationOut(made).data, status=201)

        return self.act(work)

    @extend_schema(
        operation_id="components_unrelate", tags=["components"], parameters=[TAG, RELATION], responses={204: None}
    )
    @action(detail=True, methods=["delete"], url_path=r"relations/(?P<relation>[0-9]{1,18})", url_name="unrelate")
    def unrelate(self, request: Request, tag: str, relation: str) -> Response:
        """Take a relation away; the audit keeps it."""
        del request
        made = queries.relation_of(queries.component(tag), int(relation))
        return self.done(commands.unrelate, made)


def _checked(request: Request, **options: Any) -> dict[str, Any]:
    values = rest.checked(ComponentInput, request, **options)
    if "fields_of_type" in values:
        values["fields"] = values.pop("fields_of_type")
    return values


def _shown(found: Component, *, status: int = 200) -> Response:
    return Response(ComponentOutput(found).data, status=status, headers=rest.etag(found.version))
