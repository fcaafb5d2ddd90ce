"""Teams and roles."""

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

from accounts import commands, rest
from accounts.api.people import KEEP, LOOK, RIGHTS
from accounts.doors import Access
from accounts.models import Team
from accounts.queries import people
from accounts.roles import ROLES
from kernel.paging import Key

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)


class TeamIn(rest.Input):
    """A team."""

    code = serializers.SlugField(max_length=40)
    name = rest.Names()
    email = serializers.EmailField(required=False, allow_blank=True, default="")
    is_desk = serializers.BooleanField(required=False, default=False, help_text="The service desk.")
    is_retired = serializers.BooleanField(required=False, default=False)


class TeamOut(serializers.Serializer[Any]):
    """A team."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    name = rest.Names()
    email = serializers.CharField()
    is_desk = serializers.BooleanField()
    is_retired = serializers.SerializerMethodField()

    def get_is_retired(self, row: Team) -> bool:
        """Whether it gives no access any more."""
        return row.retired_at is not None


class TeamMemberOut(serializers.Serializer[Any]):
    """Somebody who belongs to the team."""

    person = rest.Named(source="user")
    is_lead = serializers.BooleanField()


@rest.rows_of("team", "teams", tag="people", key=CODE)
class Teams(rest.SettingsRows):
    """Teams that own components, records and work."""

    access: ClassVar[Mapping[str, Access]] = {"list": LOOK, "retrieve": LOOK, "members": LOOK, "*": KEEP}
    scope_read, scope_write = "records:read", "settings:write"
    given, shown = TeamIn, TeamOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("id"))

    def rows(self) -> QuerySet[Team]:
        """All teams, retired ones too."""
        return people.teams()

    def find(self, key: str) -> Team:
        """By code."""
        return people.team_by_code(key)

    def whole(self, row: Team) -> dict[str, Any]:
        """With the retirement as yes or no."""
        plain = {name: getattr(row, name) for name in ("code", "name", "email", "is_desk")}
        return plain | {"is_retired": row.retired_at is not None}

    def save(self, row: Team | None, values: dict[str, Any], at: datetime) -> Team:
        """Names in all languages."""
        content = {**values, "name": rest.all_languages(values["name"])}
        return commands.save_team(row, **content, actor=self.actor, at=at)

    def retire(self, row: Team, at: datetime) -> None:
        """Keeps its records and members, gives no access."""
        self.save(row, {**self.whole(row), "is_retired": True}, at)

    @extend_schema(operation_id="teams_members", tags=["people"], parameters=[CODE], responses=TeamMemberOut(many=True))
    @action(detail=True, methods=["get"], url_path="members", url_name="members")
    def members(self, request: Request, code: str) -> Response:
        """Who belongs to the team, leads first."""
        return rest.listed(request, people.members(self.find(code)), TeamMemberOut)


class RoleOut(serializers.Serializer[Any]):
    """A role: roles are code, they are given and not edited."""

    code = serializers.CharField()
    label = serializers.SerializerMethodField()  # type: ignore[assignment]  # a member named label
    description = serializers.SerializerMethodField()
    permissions = serializers.ListField(child=serializers.CharField())
    per_team = serializers.BooleanField(help_text="Whether it can be given for one team.")

    def get_label(self, role: Any) -> str:
        """In the language of the caller."""
        return _(role.label)

    def get_description(self, role: Any) -> str:
        """In the language of the caller."""
        return _(role.description)


class Roles(rest.ViewSet):
    """What roles there are."""

    access = RIGHTS
    scope_read = "settings:write"

    @extend_schema(operation_id="roles_list", tags=["people"], responses=RoleOut(many=True))
    def list(self, request: Request) -> Response:
        """What each role may do."""
        return rest.listed(request, list(ROLES.values()), RoleOut)
