"""People: the directory, who belongs to which team, who has which role, where somebody is signed in."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, rest
from accounts.doors import Access, Who
from accounts.filters import PersonFilter
from accounts.models import Grant, User
from accounts.queries import people
from accounts.roles import ROLES, Permission
from kernel.paging import Key

LOOK = Access(Who.ALLOWED, (Permission.PEOPLE_READ, Permission.PEOPLE_EDIT, Permission.SETTINGS_READ))
RIGHTS = Access(Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.SETTINGS_READ))
KEEP = Access(Who.ALLOWED, (Permission.PEOPLE_EDIT,))
PERSON = OpenApiParameter("id", int, OpenApiParameter.PATH, description="id of the person")
TEAM = OpenApiParameter("team", str, OpenApiParameter.PATH, description="code of the team")
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


class SessionOut(serializers.Serializer[Any]):
    """A browser in which somebody is signed in."""

    started_at = serializers.DateTimeField()
    seen_at = serializers.DateTimeField()
    address = serializers.CharField(allow_null=True)
    browser = serializers.CharField()


class EndedOut(serializers.Serializer[Any]):
    """How many sessions were ended."""

    ended = serializers.IntegerField()


class MergeIn(rest.Input):
    """Who the guest is."""

    into = serializers.PrimaryKeyRelatedField(queryset=people.people(), help_text="id of the person")


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

    @extend_schema(
        operation_id="people_sessions", tags=["people"], parameters=[PERSON], responses=SessionOut(many=True)
    )
    @action(detail=True, methods=["get"], url_path="sessions", url_name="sessions")
    def sessions(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Browsers in which the person is signed in, the latest first."""
        return rest.listed(request, people.sessions_of(self.find(id), after=timezone.now()), SessionOut)

    @extend_schema(
        operation_id="people_sign_out", tags=["people"], parameters=[PERSON], request=None, responses=EndedOut
    )
    @action(detail=True, methods=["post"], url_path="sign-out", url_name="sign-out")
    def sign_out(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Sign the person out of every browser; tokens stay."""
        del request
        found = self.find(id)
        return self.act(lambda at: Response({"ended": commands.end_sessions(found, actor=self.actor, at=at)}))

    @extend_schema(
        operation_id="people_merge", tags=["people"], parameters=[PERSON], request=MergeIn, responses=PersonOut
    )
    @action(detail=True, methods=["post"], url_path="merge", url_name="merge")
    def merge(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Say who a guest is: their records follow. Answers the person."""
        guest, into = self.find(id), rest.checked(MergeIn, request)["into"]

        def work(at: datetime) -> Response:
            commands.merge_guest(guest, into, actor=self.actor, at=at)
            return self.answer(self.find(str(into.pk)))

        return self.act(work)
