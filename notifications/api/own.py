"""One's own notifications: the list, what is muted, how one wants to be told."""

from collections.abc import Callable
from datetime import datetime
from typing import Any, ClassVar

from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access
from kernel.errors import NotFound, Unprocessable
from kernel.paging import Key
from notifications import commands, queries
from notifications.api.settings import CountOut
from notifications.forms import REASONS
from notifications.models import Choice
from records.models import Record
from records.queries import by_number, jump

ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="For example INC-2400.")
NEWEST_FIRST = (Key("id", is_descending=True),)
TAG = "notifications"
WHYS = [str(why) for why, _label in REASONS]


class NotificationOut(serializers.Serializer[Any]):
    """One line of the caller's list; without `record` and title when the caller may not see it any more."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    title = serializers.CharField()
    why = serializers.CharField()
    at = serializers.DateTimeField()
    read_at = serializers.DateTimeField(allow_null=True)
    record = serializers.CharField(source="number", allow_null=True, help_text="Number")


class ReadIn(rest.Input):
    """Everything up to this notification is read."""

    up_to = serializers.IntegerField(min_value=1, max_value=2**63 - 1, help_text="id of the newest one that was seen")


class Notifications(rest.ViewSet):
    """The caller's own list, nobody else's."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = NotificationOut

    @extend_schema(operation_id="notifications_list", tags=[TAG], responses=NotificationOut(many=True))
    def list(self, request: Request) -> Response:
        """What happened that concerns the caller, newest first."""
        page = rest.paged(request, queries.listed(self.actor), NEWEST_FIRST)
        seen = queries.visible_records(self.actor, (each.subject_id for each in page.rows))
        for each in page.rows:
            each.number = seen[each.subject_id].number if each.subject_id in seen else None
            each.title = each.title if each.number else ""
            each.title = each.title if each.number else ""
        return Response(rest.envelope(request, NotificationOut(page.rows, many=True).data, page))

    @extend_schema(operation_id="notifications_read", tags=[TAG], parameters=[ID], request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="read", url_name="read")
    def read(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """The line and older ones about the same record are read; others' stay, and nothing says if they are there."""
        del request
        return self.done(commands.mark_read, int(id))

    @extend_schema(operation_id="notifications_mute", tags=[TAG], parameters=[ID], request=None, responses={204: None})
    @action(detail=True, methods=["post"], url_path="mute", url_name="mute")
    def mute(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Hear no more of the record that the line is about."""
        del request
        return self._about(id, commands.mute)

    @extend_schema(
        operation_id="notifications_unmute", tags=[TAG], parameters=[ID], request=None, responses={204: None}
    )
    @action(detail=True, methods=["post"], url_path="unmute", url_name="unmute")
    def unmute(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Hear of the record again."""
        del request
        return self._about(id, commands.unmute)

    def _about(self, key: str, command: Callable[..., None]) -> Response:
        line = queries.line(self.actor, int(key)).newest
        return self.done(command, line.subject_id)

    @extend_schema(operation_id="notifications_read_all", tags=[TAG], request=ReadIn, responses=CountOut)
    @action(detail=False, methods=["post"], url_path="read", url_name="read-all")
    def read_all(self, request: Request) -> Response:
        """Everything up to the newest one that was seen is read; what came after stays unread."""
        values = rest.checked(ReadIn, request)

        def work(at: datetime) -> Response:
            count = commands.mark_all_read(actor=self.actor, at=at, up_to=values["up_to"])
            return Response({"changed": count})

        return self.act(work)


class ChoiceBody(rest.Input):
    """How to be told for one reason."""

    why = serializers.ChoiceField(choices=WHYS)
    mail = serializers.ChoiceField(choices=[str(each) for each in Choice.Mail.values])
    is_listed = serializers.BooleanField(help_text="Also in the list.")


class ChoicesBody(rest.Input):
    """Every reason once."""

    choices = serializers.ListField(child=ChoiceBody(), min_length=len(WHYS), max_length=len(WHYS))


@rest.object_of("own choices of messages", name="notification_choices", tag=TAG)
class Choices(rest.SettingsObject):
    """How the caller wants to be told: by mail at once, gathered or never; in the list or not."""

    access = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    given = shown = ChoicesBody

    def held_as(self) -> str:
        """Everybody has them."""
        return f"choices:{self.actor.id}"

    def present(self) -> dict[str, Any]:
        """What counts for each reason."""
        kept = queries.choices_of(self.actor)
        usual = Choice(mail=Choice.Mail.AT_ONCE, is_listed=True)
        rows = [(why, kept.get(why, usual)) for why in WHYS]
        return {"choices": [{"why": why, "mail": row.mail, "is_listed": row.is_listed} for why, row in rows]}

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """All of them."""
        wanted = {each["why"]: (each["mail"], each["is_listed"]) for each in values["choices"]}
        if len(wanted) != len(WHYS):
            said = _("Each reason stands in the list once.")
            raise Unprocessable(said, fields={"choices": [said]})
        commands.choose(wanted, actor=self.actor, at=at)


class MuteIn(rest.Input):
    """Which record."""

    number = serializers.CharField(max_length=20)


class MutedOut(serializers.Serializer[Any]):
    """A record of which the caller hears no more."""

    number = serializers.CharField()
    title = serializers.CharField()


class Muted(rest.ViewSet):
    """Records of which the caller wants to hear no more."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read, scope_write = "records:read", "records:write"
    lookup_field = lookup_url_kwarg = "number"
    serializer_class = MutedOut

    @extend_schema(operation_id="muted_list", tags=[TAG], responses=MutedOut(many=True))
    def list(self, request: Request) -> Response:
        """The newest two hundred."""
        return rest.listed(request, queries.muted(self.actor), MutedOut)

    @extend_schema(operation_id="muted_add", tags=[TAG], request=MuteIn, responses={201: MutedOut})
    def create(self, request: Request) -> Response:
        """Hear no more of a record."""
        record = self._named(rest.checked(MuteIn, request)["number"])

        def work(at: datetime) -> Response:
            commands.mute(record.pk, actor=self.actor, at=at)
            return Response(MutedOut(record).data, status=201)

        return self.act(work)

    def _named(self, number: str) -> Record:
        try:
            return jump(self.actor, number.strip())
        except NotFound as fault:
            raise Unprocessable(fault.message, fields={"number": [fault.message]}) from fault

    @extend_schema(operation_id="muted_remove", tags=[TAG], parameters=[NUMBER], responses={204: None})
    def destroy(self, request: Request, number: str) -> Response:
        """Hear of it again."""
        del request
        return self.done(commands.unmute, by_number(self.actor, number).pk)


ROUTES = [("notifications/muted", Muted, "muted-api"), ("notifications", Notifications, "notification-api")]
urlpatterns = [path("notifications/choices/", Choices.as_view(), name="notification-choices-api")]
