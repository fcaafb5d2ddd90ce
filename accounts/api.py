"""People, teams, who belongs to them, and roles; and who is calling."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, rest
from accounts.doors import SIGNED_IN, Access, Who
from accounts.filters import PersonFilter
from accounts.models import Grant, Team, User
from accounts.queries import people
from accounts.rest.views import ANY_SCOPE
from accounts.roles import ROLES, Permission
from kernel.paging import Key

LOOK = Access(Who.ALLOWED, (Permission.PEOPLE_READ, Permission.PEOPLE_EDIT, Permission.SETTINGS_READ))
RIGHTS = Access(Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.SETTINGS_READ))
KEEP = Access(Who.ALLOWED, (Permission.PEOPLE_EDIT,))
PERSON = OpenApiParameter("id", int, OpenApiParameter.PATH, description="id of the person")
TEAM = OpenApiParameter("team", str, OpenApiParameter.PATH, description="code of the team")
CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
GRANT = OpenApiParameter("grant", int, OpenApiParameter.PATH)
FILTERS = [OpenApiParameter(name, str, description=str(each.label)) for name, each in
           PersonFilter.base_filters.items()]  # fmt: skip
NUMBERS = "[0-9]{1,9}"


class PersonIn(rest.Input):
    """A person, a guest or a machine. E-mail and staff number are unique when they are there."""

    name = serializers.CharField(max_length=120)
    email = serializers.EmailField(required=False, allow_null=True)
    phone = serializers.CharField(max_length=40, required=False, allow_blank=True)
    staff_number = serializers.CharField(max_length=40, required=False, allow_null=True)
    unit = serializers.CharField(max_length=120, required=False, allow_blank=True)
    location = serializers.CharField(max_length=120, required=False, allow_blank=True)
    is_vip = serializers.BooleanField(required=False)
    language = serializers.ChoiceField(choices=["en", "sv", "zh-hans"], required=False)
    zone = serializers.CharField(max_length=40, required=False)
    kind = serializers.ChoiceField(choices=["person", "guest", "integration"], required=False)


class PersonOut(serializers.Serializer[Any]):
    """Somebody in the directory."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.ChoiceField(choices=["person", "guest", "integration"])
    email = serializers.CharField(allow_null=True)
    phone = serializers.CharField()
    staff_number = serializers.CharField(allow_null=True)
    unit = serializers.CharField()
    location = serializers.CharField()
    is_vip = serializers.BooleanField()
    language = serializers.CharField()
    zone = serializers.CharField()
    is_active = serializers.BooleanField()


class MemberIn(rest.Input):
    """The team that somebody joins; sent again it changes whether they lead it."""

    team = serializers.SlugRelatedField(slug_field="code", queryset=people.teams_in_use())
    is_lead = serializers.BooleanField(required=False, default=False)


class MembershipOut(serializers.Serializer[Any]):
    """A team that somebody belongs to."""

    team = serializers.CharField(source="team.code")
    is_lead = serializers.BooleanField()


class GrantIn(rest.Input):
    """A role, everywhere or in one team."""

    role = serializers.ChoiceField(choices=list(ROLES))
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=people.teams_in_use(), required=False, allow_null=True, default=None
    )


class GrantOut(serializers.Serializer[Any]):
    """A role that somebody has."""

    id = serializers.IntegerField()
    role = serializers.CharField()
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    granted_at = serializers.DateTimeField()


@rest.rows_of("person", "people", tag="people", key=PERSON)
class People(rest.Rows):
    """The directory: looked up by those who may read people, kept by administrators."""

    access: ClassVar[Mapping[str, Access]] = {
        "list": LOOK, "retrieve": LOOK, "teams": RIGHTS, "roles": RIGHTS, "*": KEEP,
    }  # fmt: skip
    scope_read, scope_write = "records:read", "settings:write"
    given, shown = PersonIn, PersonOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", NUMBERS
    page_keys = (Key("name"), Key("id"))

    @extend_schema(parameters=FILTERS)
    def list(self, request: Request) -> Response:
        """People, guests and machines by name, filtered as on the page."""
        page = rest.paged(request, PersonFilter(request.query_params, queryset=self.rows()).qs, self.page_keys)
        return Response(rest.envelope(request, PersonOut(page.rows, many=True).data, page))

    def rows(self) -> QuerySet[User]:
        """Everybody who stands for somebody."""
        return people.people()

    def find(self, key: str) -> User:
        """By id."""
        return people.person_by_id(int(key))

    def defaults(self) -> dict[str, Any]:
        """What is not sent is as for anybody new."""
        return {}

    def save(self, row: User | None, values: dict[str, Any], at: datetime) -> User:
        """One command for new and old."""
        return commands.save_person(row, values, actor=self.actor, at=at)

    @extend_schema(
        operation_id="people_disable", tags=["people"], parameters=[PERSON], request=None, responses=PersonOut
    )
    @action(detail=True, methods=["post"], url_path="disable", url_name="disable")
    def disable(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Switch an account off: sessions and tokens end at once, work goes back to the queue."""
        return self._switched(id, commands.disable_person)

    @extend_schema(
        operation_id="people_enable", tags=["people"], parameters=[PERSON], request=None, responses=PersonOut
    )
    @action(detail=True, methods=["post"], url_path="enable", url_name="enable")
    def enable(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Switch an account on again; its tokens stay revoked."""
        return self._switched(id, commands.enable_person)

    def _switched(self, key: str, command: Any) -> Response:
        found = self.find(key)

        def work(at: datetime) -> Response:
            command(found, actor=self.actor, at=at)
            return self.answer(self.find(key))

        return self.act(work)

    @extend_schema(
        operation_id="people_teams", tags=["people"], parameters=[PERSON], responses=MembershipOut(many=True)
    )
    @action(detail=True, methods=["get"], url_path="teams", url_name="teams")
    def teams(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Teams that the person belongs to."""
        return rest.listed(request, people.memberships(self.find(id)), MembershipOut)

    @extend_schema(
        operation_id="people_join", tags=["people"], parameters=[PERSON], request=MemberIn,
        responses={201: MembershipOut},
    )  # fmt: skip
    @teams.mapping.post
    def join(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Put the person into a team, or say whether they lead it."""
        found, values = self.find(id), rest.checked(MemberIn, request)

        def work(at: datetime) -> Response:
            commands.set_member(found, **values, actor=self.actor, at=at)
            return Response(MembershipOut(values).data, status=201)

        return self.act(work)

    @extend_schema(operation_id="people_leave", tags=["people"], parameters=[PERSON, TEAM], responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"teams/(?P<team>[-\w]{1,40})", url_name="team")
    def leave(self, request: Request, id: str, team: str) -> Response:  # noqa: A002  # the name in the address
        """Take the person out of a team, and the roles that they hold in it."""
        found, left = self.find(id), people.team_by_code(team)
        return self.done(commands.drop_member, found, left)

    @extend_schema(operation_id="people_roles", tags=["people"], parameters=[PERSON], responses=GrantOut(many=True))
    @action(detail=True, methods=["get"], url_path="roles", url_name="roles")
    def roles(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Roles of the person, everywhere and in teams."""
        return rest.listed(request, [grant for grant, _role in people.grants(self.find(id))], GrantOut)

    @extend_schema(
        operation_id="people_grant", tags=["people"], parameters=[PERSON], request=GrantIn,
        responses={201: GrantOut(many=True)},
    )  # fmt: skip
    @roles.mapping.post
    def grant(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Give a role everywhere or in one team; answers all roles of the person. Nobody gives roles to themselves."""
        found, values = self.find(id), rest.checked(GrantIn, request)

        def work(at: datetime) -> Response:
            commands.grant_role(found, values["role"], team=values["team"], actor=self.actor, at=at)
            answer = rest.listed(request, [grant for grant, _role in people.grants(found)], GrantOut)
            answer.status_code = 201
            return answer

        return self.act(work)

    @extend_schema(operation_id="people_take", tags=["people"], parameters=[PERSON, GRANT], responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"roles/(?P<grant>[0-9]{1,9})", url_name="role")
    def take(self, request: Request, id: str, grant: str) -> Response:  # noqa: A002  # the name in the address
        """Take a role away; the last administrator keeps it."""
        taken: Grant = people.grant_of(self.find(id), int(grant))
        return self.done(commands.take_role, taken)


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


class MeOut(serializers.Serializer[Any]):
    """Who calls, and what this token or session may do."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    kind = serializers.CharField()
    language = serializers.CharField()
    zone = serializers.CharField()
    scopes = serializers.ListField(child=serializers.CharField(), allow_null=True, help_text="Null for a browser.")
    permissions = serializers.ListField(child=serializers.CharField(), help_text="Everywhere.")


class Me(rest.View):
    """Who calls."""

    access = SIGNED_IN
    scope_read = ANY_SCOPE

    @extend_schema(operation_id="me", tags=["people"], responses=MeOut)
    def get(self, request: Request) -> Response:
        """Who calls, and what this token or session may do: its scopes and its user's roles, whichever is less."""
        del request
        actor = self.actor
        body = {name: getattr(actor, name) for name in ("id", "name", "kind", "language", "zone")}
        scopes = None if actor.scopes is None else sorted(actor.scopes)
        return Response(MeOut(body | {"scopes": scopes, "permissions": sorted(actor.permissions)}).data)


ROUTES = [("people", People, "people-api"), ("teams", Teams, "team-api"), ("roles", Roles, "role-api")]
urlpatterns = [path("me/", Me.as_view(), name="me-api")]
