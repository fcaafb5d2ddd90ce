"""The settings of messages: rules, webhooks, the log."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access
from accounts.roles import ROLES
from kernel.errors import Unprocessable
from kernel.paging import Key
from notifications import commands, queries
from notifications.forms import event_choices
from notifications.models import Delivery, Rule, Webhook

ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
NEWEST_FIRST = (Key("id", is_descending=True),)
SETTINGS = "settings: messages"


class CountOut(serializers.Serializer[Any]):
    """How many changed."""

    changed = serializers.IntegerField()


class RuleIn(rest.Input):
    """When this happens, tell these people, by this channel."""

    code = serializers.ChoiceField(choices=event_choices())
    to = serializers.ChoiceField(choices=Rule.To.choices)
    channel = serializers.ChoiceField(choices=Rule.Channel.choices)
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.teams(), required=False, allow_null=True, default=None
    )
    role = serializers.ChoiceField(choices=["", *ROLES], required=False, default="")
    priority_at_most = serializers.IntegerField(min_value=1, max_value=4, required=False, default=4)
    is_urgent = serializers.BooleanField(required=False, default=False, help_text="At once, also in quiet hours.")


class RuleOut(serializers.Serializer[Any]):
    """A rule in use."""

    id = serializers.IntegerField()
    code = serializers.CharField()
    to = serializers.CharField()
    channel = serializers.CharField()
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    role = serializers.CharField()
    priority_at_most = serializers.IntegerField()
    is_urgent = serializers.BooleanField()


@rest.rows_of("notification rule", "notification rules", tag=SETTINGS, key=ID)
class Rules(rest.SettingsRows):
    """Who is told about what."""

    given, shown = RuleIn, RuleOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,9}"
    page_keys = (Key("code"), Key("id"))

    def rows(self) -> QuerySet[Rule]:
        """Rules in use."""
        return queries.rules()

    def find(self, key: str) -> Rule:
        """By id."""
        return queries.rule(int(key))

    def save(self, row: Rule | None, values: dict[str, Any], at: datetime) -> Rule:
        """A team or a role is named when the rule speaks of one."""
        for to, name in ((Rule.To.TEAM, "team"), (Rule.To.ROLE, "role")):
            if values["to"] == to and not values[name]:
                said = _("Say which one is told.")
                raise Unprocessable(said, fields={name: [said]})
        return commands.save_rule(row, values, actor=self.actor, at=at)

    def retire(self, row: Rule, at: datetime) -> None:
        """Tells nobody any more."""
        commands.retire_rule(row, actor=self.actor, at=at)


class DeliveryOut(serializers.Serializer[Any]):
    """One message to one address: waiting, sent, or dead with its error."""

    id = serializers.IntegerField()
    key = serializers.CharField(help_text="Stays the same over retries.")
    channel = serializers.CharField()
    address = serializers.CharField()
    state = serializers.SerializerMethodField()
    created_at = serializers.DateTimeField()
    available_at = serializers.DateTimeField()
    sent_at = serializers.DateTimeField(allow_null=True)
    dead_at = serializers.DateTimeField(allow_null=True)
    attempts = serializers.IntegerField()
    last_status = serializers.IntegerField(allow_null=True)
    error = serializers.CharField()

    def get_state(self, row: Delivery) -> str:
        """waiting, sent or dead."""
        return "sent" if row.sent_at else "dead" if row.dead_at else "waiting"


class WebhookIn(rest.Input):
    """Where signed messages go, and about what."""

    name = serializers.CharField(max_length=80)
    url = serializers.URLField(max_length=500)
    codes = serializers.ListField(
        child=serializers.ChoiceField(choices=["*", *(code for code, _label in event_choices())]), min_length=1
    )
    allows_private = serializers.BooleanField(required=False, default=False, help_text="Inside our own network.")
    is_active = serializers.BooleanField(required=False, default=True)


class WebhookOut(serializers.Serializer[Any]):
    """A webhook; its secret is shown once, when it is made or given anew."""

    id = serializers.IntegerField()
    name = serializers.CharField()
    url = serializers.CharField()
    codes = serializers.ListField(child=serializers.CharField())
    allows_private = serializers.BooleanField()
    is_active = serializers.BooleanField()
    failing_since = serializers.DateTimeField(allow_null=True)


class SecretOut(WebhookOut):
    """A webhook with its signing secret: keep it, it is not shown again."""

    secret = serializers.CharField()


@rest.rows_of("webhook", "webhooks", tag=SETTINGS, key=ID)
class Webhooks(rest.SettingsRows):
    """Where messages go out to."""

    given, shown = WebhookIn, WebhookOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,9}"
    page_keys = (Key("name"), Key("id"))

    def rows(self) -> QuerySet[Webhook]:
        """Webhooks in use."""
        return queries.webhooks()

    def find(self, key: str) -> Webhook:
        """By id."""
        return queries.webhook(int(key))

    def save(self, row: Webhook | None, values: dict[str, Any], at: datetime) -> Webhook:
        """A new one gets its secret."""
        return commands.save_webhook(row, values, actor=self.actor, at=at)

    def retire(self, row: Webhook, at: datetime) -> None:
        """Nothing more is sent there."""
        commands.retire_webhook(row, actor=self.actor, at=at)

    @extend_schema(request=WebhookIn, responses={201: SecretOut})
    def create(self, request: Request) -> Response:
        """Add one; the answer shows its signing secret once."""
        values = rest.checked(WebhookIn, request)

        def work(at: datetime) -> Response:
            return Response(SecretOut(self.save(None, values, at)).data, status=201)

        return self.act(work)

    @extend_schema(operation_id="webhooks_rotate", tags=[SETTINGS], parameters=[ID], request=None, responses=SecretOut)
    @action(detail=True, methods=["post"], url_path="rotate", url_name="rotate")
    def rotate(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Give it a new signing secret, shown once."""
        del request
        found = self.find(id)

        def work(at: datetime) -> Response:
            return Response(SecretOut(commands.rotate_secret(found, actor=self.actor, at=at)).data)

        return self.act(work)

    @extend_schema(
        operation_id="webhooks_test", tags=[SETTINGS], parameters=[ID], request=None,
        responses={201: DeliveryOut},
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="test", url_name="test")
    def test(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Send a message of the type webhook.test; the log shows what becomes of it."""
        del request
        found = self.find(id)

        def work(at: datetime) -> Response:
            return Response(DeliveryOut(commands.send_test(found, actor=self.actor, at=at)).data, status=201)

        return self.act(work)


STATE = OpenApiParameter("state", str, enum=list(queries.DELIVERY_STATES), description="All without it.")
AGAIN = OpenApiExample("Waiting again", response_only=True, value={
    "id": 12, "key": "evt-77-3", "channel": "webhook", "address": "https://chat.region.example/hook",
    "state": "waiting", "created_at": "2026-03-04T11:00:00Z", "available_at": "2026-03-04T12:00:00Z",
    "sent_at": None, "dead_at": None, "attempts": 0, "last_status": 503, "error": "",
})  # fmt: skip


class Deliveries(rest.ViewSet):
    """The log of mails and webhook calls."""

    access: ClassVar[Mapping[str, Access]] = {"list": rest.READ, "*": rest.EDIT}
    scope_read = scope_write = "settings:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = DeliveryOut

    @extend_schema(
        operation_id="deliveries_list", tags=[SETTINGS], parameters=[STATE], responses=DeliveryOut(many=True)
    )
    def list(self, request: Request) -> Response:
        """Every message, newest first."""
        page = rest.paged(request, queries.log(request.query_params.get("state", "")), NEWEST_FIRST)
        return Response(rest.envelope(request, DeliveryOut(page.rows, many=True).data, page))

    @extend_schema(
        operation_id="deliveries_resend", tags=[SETTINGS], parameters=[ID], request=None, responses=DeliveryOut,
        examples=[AGAIN],
    )  # fmt: skip
    @action(detail=True, methods=["post"], url_path="resend", url_name="resend")
    def resend(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Send it again, with the same key, so that the receiver can tell a repeat."""
        del request

        def work(at: datetime) -> Response:
            return Response(DeliveryOut(commands.resend(int(id), actor=self.actor, at=at)).data)

        return self.act(work)

    @extend_schema(operation_id="deliveries_resend_dead", tags=[SETTINGS], request=None, responses=CountOut)
    @action(detail=False, methods=["post"], url_path="resend", url_name="resend-dead")
    def resend_dead(self, request: Request) -> Response:
        """Try every message that was given up again, oldest first, at most 1,000."""
        del request

        def work(at: datetime) -> Response:
            return Response({"changed": commands.resend_dead(actor=self.actor, at=at)})

        return self.act(work)


ROUTES = [
    ("settings/notification-rules", Rules, "notification-rule-api"),
    ("settings/webhooks", Webhooks, "webhook-api"),
    ("deliveries", Deliveries, "delivery-api"),
]
