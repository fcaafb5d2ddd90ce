"""Promises: the clocks of a record, and what is set about targets, escalations and pauses."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.commands.holding import hold
from accounts.doors import SIGNED_IN, Access
from accounts.roles import ROLES
from journal.units import database_now
from kernel.errors import Unprocessable
from kernel.paging import Key
from records import policies
from records.queries import by_number
from sla import commands
from sla.forms import KIND
from sla.models import EscalationStep, PauseRule, Target
from sla.queries import clocks_for
from sla.queries import settings as queries
from sla.queries.clocks import REASONS

NUMBER = OpenApiParameter("number", str, OpenApiParameter.PATH, description="For example INC-2400.")
ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
REASON = OpenApiParameter("reason", str, OpenApiParameter.PATH, enum=list(REASONS))
TAG = "settings: promises"
CONFIG = {"person": "", "role": "", "points": None, "hours": None}
"""What stands in a step's configuration, and what is shown of it when it does not."""
METRICS = ["response", "resolution"]
PARTIES = ["customer", "team", "supplier"]


class PromiseOut(serializers.Serializer[Any]):
    """One promise of a record. `left` is working time in seconds, negative once overdue.

    `party` says whose it is; teams and suppliers have one for each turn, past turns included.
    """

    party = serializers.ChoiceField(choices=PARTIES)
    whose = serializers.CharField(help_text="In words, in the language of the caller.")
    metric = serializers.ChoiceField(choices=METRICS)
    state = serializers.ChoiceField(choices=["breach", "risk", "paused", "ok", "met"])
    target_minutes = serializers.IntegerField()
    left = serializers.IntegerField(allow_null=True)
    used_percent = serializers.IntegerField()
    due_at = serializers.DateTimeField(allow_null=True)
    breached_at = serializers.DateTimeField(allow_null=True)
    stopped_at = serializers.DateTimeField(allow_null=True)
    paused_since = serializers.DateTimeField(allow_null=True)
    pause_reason = serializers.CharField()


class Promises(rest.ViewSet):
    """The clocks of one record."""

    access: ClassVar[Access] = SIGNED_IN
    scope_read = "records:read"

    @extend_schema(
        operation_id="records_promises", tags=["records"], parameters=[NUMBER], responses=PromiseOut(many=True)
    )
    def list(self, request: Request, number: str) -> Response:
        """What is promised about a record, and how it stands now; for those who work on it."""
        record = by_number(self.actor, number)
        policies.require(policies.can_read_internal, self.actor, record)
        found = clocks_for([record.pk], at=database_now(), is_everybody=True).get(record.pk, [])
        return rest.listed(request, found, PromiseOut)


class TargetIn(rest.Input):
    """A promise; null for priority or service means any."""

    metric = serializers.ChoiceField(choices=METRICS)
    minutes = serializers.IntegerField(min_value=1, max_value=300_000, help_text="Of the calendar's working time.")
    calendar = serializers.SlugRelatedField(slug_field="code", queryset=queries.calendars())
    priority = serializers.IntegerField(min_value=1, max_value=4, required=False, allow_null=True, default=None)
    service = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.services(), required=False, allow_null=True, default=None
    )
    customer = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default="", help_text="Unit of the requester; empty: any."
    )
    party = serializers.ChoiceField(
        choices=PARTIES, required=False, default="customer",
        help_text="Who promises: we to the customer (SLA), a team (OLA), a supplier (UC).",
    )  # fmt: skip
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.teams(), required=False, allow_null=True, default=None,
        help_text="With party team; null: each.",
    )  # fmt: skip
    supplier = serializers.CharField(
        max_length=120, required=False, allow_blank=True, default="", help_text="With party supplier; empty: each."
    )


class TargetOut(serializers.Serializer[Any]):
    """A promise in force."""

    id = serializers.IntegerField()
    metric = serializers.CharField()
    minutes = serializers.IntegerField()
    calendar = serializers.CharField(source="calendar.code")
    priority = serializers.IntegerField(allow_null=True)
    service = serializers.CharField(source="service.code", default=None, allow_null=True)
    customer = serializers.CharField()
    party = serializers.CharField()
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    supplier = serializers.CharField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, row: Target) -> str:
        """In words, in the language of the caller."""
        return queries.target_sentence(row)


@rest.rows_of("target", "targets", tag=TAG, key=ID)
class Targets(rest.SettingsRows):
    """What is promised. Running clocks are planned anew within a minute of a change."""

    given, shown = TargetIn, TargetOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,9}"

    def rows(self) -> QuerySet[Target]:
        """Promises in force."""
        return queries.targets()

    def find(self, key: str) -> Target:
        """By id."""
        return queries.target(int(key))

    def save(self, row: Target | None, values: dict[str, Any], at: datetime) -> Target:
        """Incidents are the only kind with promises so far."""
        service, team = values["service"], values["team"]
        content = commands.TargetContent(
            kind=KIND, metric=values["metric"], minutes=values["minutes"], calendar_id=values["calendar"].pk,
            priority=values["priority"], service_id=service.pk if service else None, customer=values["customer"],
            party=values["party"], team_id=team.pk if team else None, supplier=values["supplier"],
        )  # fmt: skip
        return commands.save_target(row, content, actor=self.actor, at=at)

    def retire(self, row: Target, at: datetime) -> None:
        """No longer promised."""
        commands.retire(row, actor=self.actor, at=at)


class EscalationIn(rest.Input):
    """A step: when (percent of the time used, or minutes before (negative) or after due), and what happens."""

    metric = serializers.ChoiceField(choices=METRICS)
    party = serializers.ChoiceField(
        choices=PARTIES, required=False, default="customer", help_text="Whose clocks have the step."
    )
    priority = serializers.IntegerField(min_value=1, max_value=4, required=False, allow_null=True, default=None)
    percent = serializers.IntegerField(min_value=1, max_value=500, required=False, allow_null=True, default=None)
    offset_minutes = serializers.IntegerField(
        min_value=-100_000, max_value=100_000, required=False, allow_null=True, default=None
    )
    action = serializers.ChoiceField(choices=list(queries.ACTIONS))
    person = serializers.ChoiceField(choices=["", *queries.PEOPLE], required=False, default="")
    role = serializers.ChoiceField(choices=["", *ROLES], required=False, default="")
    team = serializers.SlugRelatedField(
        slug_field="code", queryset=queries.teams(), required=False, allow_null=True, default=None
    )
    points = serializers.IntegerField(min_value=1, max_value=100, required=False, allow_null=True, default=None)
    hours = serializers.IntegerField(
        min_value=1, max_value=336, required=False, allow_null=True, default=None, help_text="How long a boost lasts."
    )
    repeat_minutes = serializers.IntegerField(min_value=5, max_value=10_000, required=False, allow_null=True,
                                              default=None)  # fmt: skip
    repeat_count = serializers.IntegerField(min_value=0, max_value=20, required=False, default=0)


class EscalationOut(serializers.Serializer[Any]):
    """An escalation step in force."""

    id = serializers.IntegerField()
    metric = serializers.CharField()
    party = serializers.CharField()
    priority = serializers.IntegerField(allow_null=True)
    percent = serializers.IntegerField(allow_null=True)
    offset_minutes = serializers.IntegerField(allow_null=True)
    action = serializers.CharField()
    person = serializers.CharField(source="config.person", default="")
    role = serializers.CharField(source="config.role", default="")
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    points = serializers.IntegerField(source="config.points", default=None, allow_null=True)
    hours = serializers.IntegerField(source="config.hours", default=None, allow_null=True)
    repeat_minutes = serializers.IntegerField(allow_null=True)
    repeat_count = serializers.IntegerField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, row: EscalationStep) -> str:
        """In words, in the language of the caller."""
        return queries.step_sentence(row)


@rest.rows_of("escalation step", "escalations", tag=TAG, key=ID)
class Escalations(rest.SettingsRows):
    """What happens on the way to a due time. Running clocks keep the steps that they started with."""

    given, shown = EscalationIn, EscalationOut
    lookup_field, lookup_url_kwarg, lookup_value_regex = "pk", "id", "[0-9]{1,9}"

    def rows(self) -> QuerySet[EscalationStep]:
        """Steps in force."""
        return queries.steps()

    def find(self, key: str) -> EscalationStep:
        """By id."""
        return queries.step(int(key))

    def whole(self, row: EscalationStep) -> dict[str, Any]:
        """Whom it tells and how it lifts stand in the step's own configuration."""
        when = ("metric", "party", "priority", "percent", "offset_minutes", "repeat_minutes", "repeat_count")
        plain = (*when, "action", "team")
        return {name: getattr(row, name) for name in plain} | {
            name: row.config.get(name, empty) for name, empty in CONFIG.items()
        }

    def save(self, row: EscalationStep | None, values: dict[str, Any], at: datetime) -> EscalationStep:
        """Whoever is told must be named; further configuration of the step is kept."""
        for verb, name in (("notify_person", "person"), ("notify_role", "role"), ("offer_team", "team")):
            if values["action"] == verb and not values[name]:
                said = _("Say who.")
                raise Unprocessable(said, fields={name: [said]})
        team = values.pop("team")
        chosen = {name: value for name in CONFIG if (value := values.pop(name))}
        kept = {name: value for name, value in (row.config if row else {}).items() if name not in CONFIG}
        content = commands.StepContent(kind=KIND, team_id=team.pk if team else None, config=kept | chosen, **values)
        return commands.save_step(row, content, actor=self.actor, at=at)

    def retire(self, row: EscalationStep, at: datetime) -> None:
        """No longer a step for clocks that start from now on."""
        commands.retire(row, actor=self.actor, at=at)


class PauseIn(rest.Input):
    """Whether waiting for the reason stops the clocks."""

    pauses = serializers.BooleanField()


class PauseOut(serializers.Serializer[Any]):
    """A reason of waiting that somebody has decided about; others do not stop the clocks."""

    reason = serializers.CharField()
    pauses = serializers.BooleanField()
    sentence = serializers.SerializerMethodField()

    def get_sentence(self, row: PauseRule) -> str:
        """In words, in the language of the caller."""
        return queries.pause_sentence(row)


class Pauses(rest.ViewSet):
    """Which waiting stops the clocks."""

    access: ClassVar[Mapping[str, Access]] = {"list": rest.READ, "retrieve": rest.READ, "update": rest.EDIT}
    scope_read = scope_write = "settings:write"
    lookup_field = lookup_url_kwarg = "reason"
    lookup_value_regex = "|".join(REASONS)
    serializer_class = PauseOut

    @extend_schema(operation_id="pause_rules_list", tags=[TAG], responses=PauseOut(many=True))
    def list(self, request: Request) -> Response:
        """What was decided about each reason."""
        page = rest.paged(request, queries.pause_rules(), (Key("reason"), Key("id")))
        return Response(rest.envelope(request, PauseOut(page.rows, many=True).data, page))

    @extend_schema(operation_id="pause_rules_read", tags=[TAG], parameters=[REASON], responses=PauseOut)
    def retrieve(self, request: Request, reason: str) -> Response:
        """What was decided about one reason, with its ETag; 404 while nothing was."""
        del request
        return self._answer(queries.pause_rule(KIND, reason))

    @extend_schema(
        operation_id="pause_rules_put", tags=[TAG], parameters=[REASON, rest.SEEN], request=PauseIn, responses=PauseOut
    )
    def update(self, request: Request, reason: str) -> Response:
        """Decide about one reason. Running clocks follow within a minute.

        If-Match is needed where something was decided before: 428 without it, 412 when somebody was first.
        """
        values = rest.checked(PauseIn, request)

        def work(at: datetime) -> Response:
            hold(f"pause_rules:{reason}")
            known = queries.pause_rules().filter(kind=KIND, reason=reason).first()
            present = rest.tag_of(PauseOut(known).data) if known is not None else ""
            rest.match_tag(request, present, is_required=known is not None)
            row = commands.save_pause_rule(kind=KIND, reason=reason, pauses=values["pauses"], actor=self.actor, at=at)
            return self._answer(row)

        return self.act(work)

    def _answer(self, row: PauseRule) -> Response:
        body = PauseOut(row).data
        return Response(body, headers={"ETag": rest.tag_of(body)})


ROUTES = [
    ("settings/targets", Targets, "target-api"),
    ("settings/escalations", Escalations, "escalation-api"),
    ("settings/pause-rules", Pauses, "pause-rule-api"),
]
urlpatterns = [path("records/<str:number>/promises/", Promises.as_view({"get": "list"}), name="record-api-promises")]
