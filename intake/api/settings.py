"""Settings of alerts: sources, what severities mean, and the messages that could not be taken in."""

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
from intake import commands, queries
from intake.models import Inbox, SeverityRule, Source
from intake.signals import PARSERS, Unreadable, load_json
from kernel.errors import Unprocessable
from kernel.paging import Key

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="prometheus")
ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
TAG = "settings: alerts"
TRIED = OpenApiExample("A warning", request_only=True, value={
    "source": "generic", "message": "{\"title\": \"Disk almost full\", \"severity\": \"warning\", \"key\": \"db-3\"}",
})  # fmt: skip


class SourceIn(rest.Input):
    """A monitoring system that may raise alerts."""

    code = serializers.SlugField(max_length=40)
    name = serializers.CharField(max_length=80)
    format = serializers.ChoiceField(choices=Source.Format.choices)
    on_resolved = serializers.ChoiceField(choices=Source.OnResolved.choices, required=False, default="resolve")
    reopen_minutes = serializers.IntegerField(min_value=0, max_value=20_000, required=False, default=60)
    component_labels = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20,
        default=lambda: ["component", "instance", "host"], help_text="Labels that name the component, in order.",
    )  # fmt: skip
    service_labels = serializers.ListField(
        child=serializers.CharField(max_length=80), required=False, max_length=20,
        default=lambda: ["service"], help_text="Labels that name the service by its code, in order.",
    )  # fmt: skip
    default_team = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.teams(), required=False, allow_null=True, default=None
    )


class SourceOut(serializers.Serializer[Any]):
    """A monitoring system."""

    code = serializers.CharField()
    name = serializers.CharField()
    format = serializers.CharField()
    on_resolved = serializers.CharField()
    reopen_minutes = serializers.IntegerField()
    component_labels = serializers.ListField(child=serializers.CharField())
    service_labels = serializers.ListField(child=serializers.CharField())
    default_team = serializers.CharField(source="default_team.code", default=None, allow_null=True)


@rest.rows_of("alert source", "alert sources", tag=TAG, key=CODE)
class Sources(rest.SettingsRows):
    """Monitoring systems."""

    given, shown = SourceIn, SourceOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("name"), Key("id"))

    def rows(self) -> QuerySet[Source]:
        """Sources in use."""
        return queries.sources()

    def find(self, key: str) -> Source:
        """By code."""
        return queries.source(key)

    def save(self, row: Source | None, values: dict[str, Any], at: datetime) -> Source:
        """Codes are unique."""
        if not queries.code_is_free(values["code"], row.pk if row else None):
            said = _("This code is in use. Choose another one.")
            raise Unprocessable(said, fields={"code": [said]})
        return commands.save_source(row, values, actor=self.actor, at=at)

    def retire(self, row: Source, at: datetime) -> None:
        """Raises nothing any more; its own rules go with it."""
        commands.retire_source(row, actor=self.actor, at=at)


class SeverityRuleIn(rest.Input):
    """A label whose value fits the pattern gives impact and urgency, or nothing at all. `*` stands for anything."""

    source = serializers.SlugRelatedField(  # type: ignore[assignment]  # a member named source
        slug_field="code", queryset=queries.sources(), required=False, allow_null=True, default=None,
        help_text="Null: all sources.",
    )  # fmt: skip
    position = serializers.IntegerField(min_value=0, max_value=30_000, required=False, default=10)
    label = serializers.CharField(max_length=80)  # type: ignore[assignment]  # a member named label
    pattern = serializers.CharField(max_length=120)
    impact = serializers.IntegerField(min_value=1, max_value=4, required=False, default=3)
    urgency = serializers.IntegerField(min_value=1, max_value=4, required=False, default=3)
    ignores = serializers.BooleanField(required=False, default=False, help_text="Drop it: no incident.")


class SeverityRuleOut(serializers.Serializer[Any]):
    """What a severity means."""

    id = serializers.IntegerField()
    source = serializers.CharField(source="source.code", default=None, allow_null=True)  # type: ignore[assignment]  # a member named source
    position = serializers.IntegerField()
    label = serializers.CharField()  # type: ignore[assignment]  # a member named label
    pattern = serializers.CharField()
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    ignores = serializers.BooleanField()


class TryIn(rest.Input):
    """A message to try the rules on."""

    source = serializers.SlugRelatedField(  # type: ignore[assignment]  # a member named source
        slug_field="code", queryset=queries.sources()
    )
    message = serializers.CharField(max_length=1_000_000, help_text="The message as JSON text.")


class WeighedOut(serializers.Serializer[Any]):
    """What the rules make of one alert; `rule` is null where none fits."""

    title = serializers.CharField()
    impact = serializers.IntegerField()
    urgency = serializers.IntegerField()
    is_dropped = serializers.BooleanField()
    rule = serializers.IntegerField(allow_null=True)
    component = serializers.CharField()


@rest.rows_of("severity rule", "severity rules", tag=TAG, key=ID)
class Rules(rest.SettingsRows):
    """What severities mean, tried in the order of their positions, a source's own first."""

    access: ClassVar[Mapping[str, Access]] = {
        "list": rest.READ, "retrieve": rest.READ, "try_out": rest.READ, "*": rest.EDIT,
    }  # fmt: skip
    given, shown = SeverityRuleIn, SeverityRuleOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,9}"
    page_keys = (Key("position"), Key("id"))

    def rows(self) -> QuerySet[SeverityRule]:
        """Rules in use."""
        return queries.rule_rows()

    def find(self, key: str) -> SeverityRule:
        """By id."""
        return queries.rule(int(key))

    def save(self, row: SeverityRule | None, values: dict[str, Any], at: datetime) -> SeverityRule:
        """One command for new and old."""
        return commands.save_rule(row, values, actor=self.actor, at=at)

    def retire(self, row: SeverityRule, at: datetime) -> None:
        """Decides nothing any more."""
        commands.retire_rule(row, actor=self.actor, at=at)

    @extend_schema(
        operation_id="severity_rules_try", tags=[TAG], request=TryIn, responses=WeighedOut(many=True),
        examples=[TRIED],
    )  # fmt: skip
    @action(detail=False, methods=["post"], url_path="try", url_name="try")
    def try_out(self, request: Request) -> Response:
        """What the rules would make of a message. Changes nothing."""
        values = rest.checked(TryIn, request)
        chosen: Source = values["source"]
        try:
            signals = PARSERS[chosen.format](load_json(values["message"].encode()))
        except Unreadable as fault:
            raise Unprocessable(fault.message, fields={"message": [fault.message]}) from fault
        rows = [
            {"title": signal.title, "impact": weighing.impact, "urgency": weighing.urgency,
             "is_dropped": weighing.is_dropped, "rule": weighing.rule.pk if weighing.rule else None,
             "component": component}
            for signal, weighing, component in queries.tried(chosen, signals)
        ]  # fmt: skip
        return rest.listed(request, rows, WeighedOut)


class MessageRow(serializers.Serializer[Any]):
    """A message that could not be taken in."""

    id = serializers.IntegerField()
    source = serializers.CharField(source="source.code", default=None, allow_null=True)  # type: ignore[assignment]  # a member named source
    received_at = serializers.DateTimeField()
    status = serializers.IntegerField()
    reason = serializers.CharField()


class MessageOut(MessageRow):
    """A message as it came."""

    text = serializers.SerializerMethodField()

    def get_text(self, row: Inbox) -> str:
        """Its bytes as text."""
        return bytes(row.raw).decode("utf-8", errors="replace")


class FalseAlarmOut(serializers.Serializer[Any]):
    """An alert that has cried wolf: how often it came, how often it was wrong."""

    name = serializers.CharField()
    alerts = serializers.IntegerField()
    wrong = serializers.IntegerField()


class FalseAlarms(rest.ViewSet):
    """Which alerts cry wolf."""

    access = rest.READ
    scope_read = "settings:write"

    @extend_schema(operation_id="false_alarms_list", tags=[TAG], responses=FalseAlarmOut(many=True))
    def list(self, request: Request) -> Response:
        """Alert names with the most false alarms first, at most fifty."""
        rows = [{"name": name, "alerts": total, "wrong": wrong} for name, total, wrong in queries.false_alarms()]
        return rest.listed(request, rows, FalseAlarmOut)


class Messages(rest.ViewSet):
    """The inbox of refused messages."""

    access = rest.READ
    scope_read = "settings:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,18}"
    serializer_class = MessageOut

    @extend_schema(operation_id="alert_inbox_list", tags=[TAG], responses=MessageRow(many=True))
    def list(self, request: Request) -> Response:
        """Messages that could not be taken in, newest first, each with its reason."""
        page = rest.paged(request, queries.refused_deliveries(), (Key("id", is_descending=True),))
        return Response(rest.envelope(request, MessageRow(page.rows, many=True).data, page))

    @extend_schema(operation_id="alert_inbox_read", tags=[TAG], parameters=[ID], responses=MessageOut)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """One message as it came."""
        del request
        return Response(MessageOut(queries.delivery(int(id))).data)


ROUTES = [
    ("settings/alert-sources", Sources, "alert-source-api"),
    ("settings/severity-rules", Rules, "severity-rule-api"),
    ("settings/alert-inbox", Messages, "alert-inbox-api"),
    ("settings/false-alarms", FalseAlarms, "false-alarm-api"),
]
