"""Who calls, and what is their own: profile, sessions, saved views."""

from datetime import datetime
from typing import Any, ClassVar

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import commands, rest
from accounts.api.people import EndedOut, SessionOut
from accounts.commands.saved_views import choose_first_view, remove_view, save_view
from accounts.doors import SIGNED_IN, Access
from accounts.forms import ProfileForm
from accounts.models import SavedView, User
from accounts.options import KEYS
from accounts.queries import people, saved_views
from accounts.rest.views import ANY_SCOPE
from kernel.errors import Unprocessable

TAG = "own"
VIEW = OpenApiParameter("id", int, OpenApiParameter.PATH)
LIST = OpenApiParameter("list", str, enum=list(saved_views.LISTS), description="Of all lists without it.")
MODES = ("on", "ctrl", "off")


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


class KeyMap(serializers.DictField):
    """Usual key to own key."""

    child = serializers.CharField(min_length=1, max_length=1)


class ProfileBody(rest.Input):
    """What everybody may change about themselves. Name, e-mail and the rest are the administrator's."""

    language = serializers.ChoiceField(choices=["en", "sv", "zh-hans"])
    zone = serializers.CharField(max_length=40)
    theme = serializers.ChoiceField(choices=["system", "light", "dark"])
    density = serializers.ChoiceField(choices=["compact", "normal", "roomy"])
    phone = serializers.CharField(max_length=40, allow_blank=True)
    keys = serializers.ChoiceField(choices=MODES, help_text="Single-key shortcuts: on, only with Ctrl, off.")
    key_map = KeyMap(help_text=f"Usual key to own key. Usual keys: {' '.join(KEYS)}")
    quiet_from = serializers.TimeField(format="%H:%M", allow_null=True, help_text="Mails wait from then on,")
    quiet_to = serializers.TimeField(format="%H:%M", allow_null=True, help_text="until then; both or neither.")


@rest.object_of("own profile", name="profile", tag=TAG)
class Profile(rest.SettingsObject):
    """How pages and messages look and speak to the caller, and when mails leave them alone."""

    access = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    given = shown = ProfileBody

    def held_as(self) -> str:
        """Everybody has one."""
        return f"profile:{self.actor.id}"

    def present(self) -> dict[str, Any]:
        """As it stands."""
        me = people.person_by_id(self.actor.id)
        hours = {name: me.quiet_hours.get(name) for name in ("from", "to")}
        plain = {name: getattr(me, name) for name in ("language", "zone", "theme", "density", "phone")}
        return plain | {
            "keys": me.keys.get("mode", "on"), "key_map": me.keys.get("map", {}), "quiet_from": hours["from"],
            "quiet_to": hours["to"],
        }  # fmt: skip

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """The form of the page checks zone, keys and hours."""
        lines = "\n".join(f"{usual} = {own}" for usual, own in values["key_map"].items())
        form = ProfileForm({**values, "key_map": lines})
        if not form.is_valid():
            faults = {name: [str(each) for each in errors] for name, errors in form.errors.items()}
            raise Unprocessable(next(iter(faults.values()))[0], fields=faults)
        commands.change_profile(form.values(), actor=self.actor, at=at)


class OwnSessions(rest.ViewSet):
    """Where the caller is signed in with a browser."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"

    @extend_schema(operation_id="sessions_list", tags=[TAG], responses=SessionOut(many=True))
    def list(self, request: Request) -> Response:
        """Browsers in which the caller is signed in, the latest first."""
        return rest.listed(request, people.sessions_of(self._me(), after=timezone.now()), SessionOut)

    @extend_schema(operation_id="sessions_end", tags=[TAG], request=None, responses=EndedOut)
    @action(detail=False, methods=["post"], url_path="end", url_name="end")
    def end(self, request: Request) -> Response:
        """Sign out everywhere else; a browser that asks for it stays signed in."""
        me, keep = self._me(), getattr(request._request.session, "session_key", None) if request.auth is None else None  # noqa: SLF001  # the browser's own session
        return self.act(
            lambda at: Response({"ended": commands.end_sessions(me, keep=keep or "", actor=self.actor, at=at)})
        )

    def _me(self) -> User:
        return people.person_by_id(self.actor.id)


class ViewIn(rest.Input):
    """A list's filter, sort and columns under a name; the same name again replaces them."""

    list = serializers.ChoiceField(choices=list(saved_views.LISTS))
    name = serializers.CharField(max_length=60)
    query = serializers.CharField(max_length=1000, allow_blank=True, help_text="As in the address of the list's page.")
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=people.teams_in_use(), required=False, allow_null=True, default=None,
        help_text="Of the caller's own: it may use the view as well.",
    )  # fmt: skip


class ViewOut(serializers.Serializer[Any]):
    """A saved view that the caller keeps or is shown by a team."""

    id = serializers.IntegerField()
    list = serializers.CharField(source="list_key")
    name = serializers.CharField()
    query = serializers.CharField()
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    is_own = serializers.SerializerMethodField()
    is_first = serializers.SerializerMethodField(help_text="The list opens with it.")

    def get_is_own(self, row: SavedView) -> bool:
        """Whether the caller may change it."""
        return bool(row.owner_id == self.context.get("me", row.owner_id))

    def get_is_first(self, row: SavedView) -> bool:
        """Whether the caller's list opens with it."""
        return row.is_default and self.get_is_own(row)


class FirstIn(rest.Input):
    """Whether the list opens with this view."""

    first = serializers.BooleanField(default=True)


class SavedViews(rest.ViewSet):
    """Named filters of the lists."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    serializer_class = ViewOut

    @extend_schema(operation_id="views_list", tags=[TAG], parameters=[LIST], responses=ViewOut(many=True))
    def list(self, request: Request) -> Response:
        """Own views and those that a team of the caller shares."""
        rows = saved_views.kept_views(self.actor, request.query_params.get("list", ""))
        page = rest.paged(request, rows, saved_views.ORDER)
        body = ViewOut(page.rows, many=True, context={"me": self.actor.id}).data
        return Response(rest.envelope(request, body, page))

    @extend_schema(operation_id="views_save", tags=[TAG], request=ViewIn, responses={201: ViewOut})
    def create(self, request: Request) -> Response:
        """Keep a filter under a name, perhaps share it with a team of one's own."""
        values = rest.checked(ViewIn, request)
        key = values.pop("list")
        saved_views.require_reader(self.actor, key)

        def work(at: datetime) -> Response:
            return Response(ViewOut(save_view(key, **values, actor=self.actor, at=at)).data, status=201)

        return self.act(work)

    @extend_schema(operation_id="views_remove", tags=[TAG], parameters=[VIEW], responses={204: None})
    def destroy(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Forget an own view."""
        del request
        return self.done(remove_view, int(id))

    @extend_schema(operation_id="views_first", tags=[TAG], parameters=[VIEW], request=FirstIn, responses={204: None})
    @action(detail=True, methods=["post"], url_path="first", url_name="first")
    def first(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Open the list with this own view from now on, or no longer."""
        return self.done(choose_first_view, int(id), is_first=rest.checked(FirstIn, request)["first"])


ROUTES = [("me/sessions", OwnSessions, "own-session-api"), ("me/views", SavedViews, "own-view-api")]
urlpatterns = [path("me/", Me.as_view(), name="me-api"), path("me/profile/", Profile.as_view(), name="profile-api")]
