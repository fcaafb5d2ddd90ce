"""Settings of sign-in, and the tokens of machines."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, options, queries, rest
from accounts.doors import Access, Who
from accounts.queries import people
from accounts.roles import ROLES, SCOPES, Permission

TAG = "settings: sign-in"
ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
WANTED = OpenApiExample("For an alert source", request_only=True, value={
    "user": 12, "name": "Alertmanager", "scopes": ["alerts:write"],
})  # fmt: skip


class SignInBody(rest.Input):
    """Limits of a browser's session, roles that need a second factor, how long a new token works."""

    idle_minutes = serializers.IntegerField(min_value=5, max_value=7 * 24 * 60)
    longest_hours = serializers.IntegerField(min_value=1, max_value=90 * 24)
    second_factor_roles = serializers.ListField(child=serializers.ChoiceField(choices=list(ROLES)))
    token_days = serializers.IntegerField(min_value=1, max_value=3650)


@rest.object_of("settings of sign-in", name="sign_in", tag=TAG)
class SignIn(rest.SettingsObject):
    """Sessions, second factor, tokens; counts from the next page that anybody opens."""

    given = shown = SignInBody

    def present(self) -> options.SignInOptions:
        """What is in force."""
        return queries.setting(options.KEY, options.SignInOptions)

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """Kept as a new version."""
        wanted = options.SignInOptions(**{**values, "second_factor_roles": tuple(values["second_factor_roles"])})
        seen = queries.setting_version(options.KEY)
        commands.change_setting(options.KEY, wanted, seen=seen, actor=self.actor, at=at)


class TokenIn(rest.Input):
    """Whose rights, for what, how long. A token never gives scopes that it does not have itself."""

    user = serializers.PrimaryKeyRelatedField(queryset=people.machines(), help_text="id of an integration")
    name = serializers.CharField(max_length=80, help_text="What uses it.")
    scopes = serializers.ListField(child=serializers.ChoiceField(choices=sorted(SCOPES)), min_length=1)
    expires_at = serializers.DateTimeField(
        required=False, allow_null=True, default=None, help_text="Without it: as long as the settings of sign-in say."
    )


class TokenOut(serializers.Serializer[Any]):
    """A token that was not revoked. Its text is never shown again."""

    id = serializers.IntegerField()
    user = rest.Named()
    name = serializers.CharField()
    prefix = serializers.CharField(help_text="How its text begins after spd_.")
    scopes = serializers.ListField(child=serializers.CharField())
    created_at = serializers.DateTimeField()
    expires_at = serializers.DateTimeField(allow_null=True)
    last_used_at = serializers.DateTimeField(allow_null=True)


class MadeOut(TokenOut):
    """A new token with its text: keep it, only its digest is stored. Null when the answer is repeated for a key."""

    text = serializers.CharField(allow_null=True)


class Tokens(rest.ViewSet):
    """Tokens of machines: made, replaced with a day of overlap, revoked."""

    access: ClassVar[Mapping[str, Access]] = {"*": Access(Who.ALLOWED, (Permission.TOKENS_EDIT,))}
    scope_read = scope_write = "settings:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    serializer_class = TokenOut

    @extend_schema(operation_id="tokens_list", tags=[TAG], responses=TokenOut(many=True))
    def list(self, request: Request) -> Response:
        """Tokens that were not revoked, newest first."""
        return rest.listed(request, people.tokens(), TokenOut)

    @extend_schema(operation_id="tokens_make", tags=[TAG], request=TokenIn, responses={201: MadeOut}, examples=[WANTED])
    def create(self, request: Request) -> Response:
        """Make one; its text is in this answer alone."""
        values = rest.checked(TokenIn, request)
        user = values.pop("user")
        return self.act(
            lambda at: _made(commands.make_token(user, **values, actor=self.actor, at=at)), hidden=("text",)
        )

    @extend_schema(operation_id="tokens_rotate", tags=[TAG], parameters=[ID], request=None, responses={201: MadeOut})
    @action(detail=True, methods=["post"], url_path="rotate", url_name="rotate")
    def rotate(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """A new token in the place of this one, which goes on working for a day."""
        del request
        old = people.token_by_id(int(id))
        return self.act(lambda at: _made(commands.rotate_token(old, actor=self.actor, at=at)), hidden=("text",))

    @extend_schema(operation_id="tokens_revoke", tags=[TAG], parameters=[ID], responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """It stops working now."""
        del request
        return self.done(commands.revoke_token, people.token_by_id(int(id)))


def _made(made: commands.MadeToken) -> Response:
    body = TokenOut(made.token).data | {"text": made.text}
    return Response(body, status=201, headers={"Cache-Control": "no-store"})


ROUTES = [("settings/tokens", Tokens, "token-api")]
urlpatterns = [path("settings/sign-in/", SignIn.as_view(), name="sign-in-api")]
