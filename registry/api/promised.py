"""/api/v1/services/ and /api/v1/component-types/."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from kernel.errors import Unprocessable
from kernel.paging import Key
from registry import commands, queries
from registry.api.components import ImpactOutput
from registry.models import ComponentType, Service
from registry.queries import named

READ = Access(Who.ALLOWED, (Permission.REGISTRY_READ,))
EDIT = Access(Who.ALLOWED, (Permission.REGISTRY_EDIT,))
CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="vpn")


class ServiceIn(rest.Input):
    """What a component promises as a service. `component` is needed once: it becomes the service."""

    component = serializers.SlugRelatedField(slug_field="tag", queryset=queries.components(), help_text="Tag")
    code = serializers.SlugField(max_length=60)
    customer = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")
    users = serializers.IntegerField(min_value=0, required=False, default=0)
    calendar = serializers.SlugRelatedField(
        slug_field="code", queryset=named.calendars(), required=False, allow_null=True, default=None,
        help_text="Service hours",
    )  # fmt: skip
    support_team = serializers.SlugRelatedField(
        slug_field="code", queryset=named.teams(), required=False, allow_null=True, default=None
    )
    is_prioritised = serializers.BooleanField(required=False, default=False)
    emergency_plan = serializers.CharField(
        max_length=20_000, required=False, allow_blank=True, default="",
        help_text="What to do when it cannot be restored now; Markdown",
    )  # fmt: skip


class ServiceOut(serializers.Serializer[Any]):
    """A service."""

    code = serializers.CharField()
    name = serializers.CharField(source="component.name")
    component = serializers.CharField(source="component.tag")
    criticality = serializers.IntegerField(source="component.criticality")
    owner_team = serializers.CharField(source="component.owner_team.code", default=None, allow_null=True)
    customer = serializers.CharField()
    users = serializers.IntegerField()
    calendar = serializers.CharField(source="calendar.code", default=None, allow_null=True)
    support_team = serializers.CharField(source="support_team.code", default=None, allow_null=True)
    is_prioritised = serializers.BooleanField()
    emergency_plan = serializers.CharField()


@rest.rows_of("service", "services", tag="services", key=CODE)
class Services(rest.Rows):
    """What the organisation promises to those it serves."""

    access: ClassVar[Mapping[str, Access]] = {"create": EDIT, "partial_update": EDIT, "*": READ}
    scope_read, scope_write = "records:read", "registry:write"
    given, shown = ServiceIn, ServiceOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("component_id"))

    def rows(self) -> QuerySet[Service]:
        """Services in use."""
        return queries.services()

    def find(self, key: str) -> Service:
        """By code."""
        return queries.service(key)

    def save(self, row: Service | None, values: dict[str, Any], at: datetime) -> Service:
        """A service stays with its component."""
        component = row.component if row else values["component"]
        if not named.code_is_free(values["code"], component.pk):
            said = _("Another service has this code. Choose another one.")
            raise Unprocessable(said, fields={"code": [said]})
        return commands.save_service(component, values, actor=self.actor, at=at)

    @extend_schema(operation_id="services_impact", tags=["services"], parameters=[CODE], responses=ImpactOutput)
    @action(detail=True, methods=["get"], url_path="impact", url_name="impact")
    def impact(self, request: Request, code: str) -> Response:
        """What stops when the service stops, nearest first."""
        del request
        return Response(ImpactOutput(queries.impact(queries.service(code).pk)).data)


class FieldSpec(rest.Input):
    """A field that components of the type have: text, number, date or choice."""

    key = serializers.RegexField(r"^[A-Za-z_][A-Za-z0-9_]*$", max_length=40)
    type = serializers.ChoiceField(choices=["text", "number", "date", "choice"])
    required = serializers.BooleanField(required=False, default=False)  # type: ignore[assignment]  # a member named required
    choices = serializers.ListField(child=serializers.CharField(max_length=80), required=False, max_length=50)
    label = rest.Names()  # type: ignore[assignment]  # a member named label

    def validate(self, attrs: dict[str, Any]) -> dict[str, Any]:
        """A choice says between what."""
        if (attrs["type"] == "choice") != bool(attrs.get("choices")):
            raise serializers.ValidationError(
                {"choices": [_("A field of the type choice, and no other, has choices.")]}
            )
        return attrs


class TypeIn(rest.Input):
    """A component type."""

    code = serializers.SlugField(max_length=60)
    name = rest.Names()
    icon = serializers.CharField(max_length=30, required=False, default="component")
    own_fields = serializers.ListField(child=FieldSpec(), required=False, max_length=60, default=list)
    is_retired = serializers.BooleanField(required=False, default=False)


class TypeOut(serializers.Serializer[Any]):
    """A component type with the fields that its components have."""

    code = serializers.CharField()
    name = rest.Names()
    icon = serializers.CharField()
    own_fields = serializers.ListField(child=serializers.DictField(), source="fields")
    is_retired = serializers.SerializerMethodField()

    def get_is_retired(self, row: ComponentType) -> bool:
        """Whether it is offered no more."""
        return row.retired_at is not None


@rest.rows_of("component type", "component types", tag="components", key=CODE)
class Types(rest.Rows):
    """Kinds of components; administrators add them."""

    access: ClassVar[Mapping[str, Access]] = {"create": rest.EDIT, "partial_update": rest.EDIT, "*": READ}
    scope_read, scope_write = "records:read", "settings:write"
    given, shown = TypeIn, TypeOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("id"))

    def rows(self) -> QuerySet[ComponentType]:
        """All of them, retired ones too."""
        return queries.types()

    def find(self, key: str) -> ComponentType:
        """By code."""
        return queries.type_by_code(key)

    def whole(self, row: ComponentType) -> dict[str, Any]:
        """As it would be sent."""
        return {
            "code": row.code, "name": row.name, "icon": row.icon, "own_fields": row.fields,
            "is_retired": row.retired_at is not None,
        }  # fmt: skip

    def save(self, row: ComponentType | None, values: dict[str, Any], at: datetime) -> ComponentType:
        """Codes are unique; names and labels get all languages."""
        if not named.type_code_is_free(values["code"], row.pk if row else None):
            said = _("This code is in use. Choose another one.")
            raise Unprocessable(said, fields={"code": [said]})
        specs = [dict(spec) | {"label": rest.all_languages(spec["label"])} for spec in values["own_fields"]]
        content = {**values, "name": rest.all_languages(values["name"]), "fields": specs}
        return commands.save_type(row, content, actor=self.actor, at=at)
