"""What a change of promises would do before it is made, earlier versions, and how due times came about."""

from collections.abc import Mapping
from typing import Any, ClassVar

from django.urls import path
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access
from journal.units import database_now
from records import policies
from records.queries import by_number
from sla import commands
from sla.api.settings import NUMBER, TAG, EscalationIn, EscalationOut, PauseOut, TargetIn
from sla.forms import KIND
from sla.ledger import Step
from sla.queries import explain, versions, whatif
from sla.queries.clocks import REASONS
from sla.queries.rules import TargetRule

VERSION = OpenApiParameter("version", int, OpenApiParameter.PATH)


class MovedOut(serializers.Serializer[Any]):
    """A clock that a change moves; null where it has no due time, because it is paused."""

    number = serializers.CharField(source="record.number")
    metric = serializers.CharField()
    before = serializers.DateTimeField(allow_null=True)
    after = serializers.DateTimeField(allow_null=True)


class ImpactOut(serializers.Serializer[Any]):
    """What a change would do to running clocks; `furthest` are the ten that move most."""

    looked_at = serializers.IntegerField()
    moved = serializers.IntegerField()
    earlier = serializers.IntegerField()
    later = serializers.IntegerField()
    overdue = serializers.IntegerField(help_text="Late at once.")
    is_cut = serializers.BooleanField()
    furthest = MovedOut(many=True)


class Trying(rest.View):
    """A preview: for those who change it, and it changes nothing."""

    access = rest.EDIT
    scope_read = scope_write = "settings:write"


class TargetTry(TargetIn):
    """A promise as it would be, perhaps in the place of one."""

    instead_of = serializers.IntegerField(required=False, allow_null=True, default=None, help_text="id of a promise")


class TargetPreview(Trying):
    """Another promise."""

    @extend_schema(operation_id="targets_preview", tags=[TAG], request=TargetTry, responses=ImpactOut)
    def post(self, request: Request) -> Response:
        """Which running clocks would get another due time. Changes nothing."""
        said = rest.checked(TargetTry, request)
        service, team, old = said["service"], said["team"], said["instead_of"]
        rule = TargetRule(
            old or 0, KIND, said["metric"], said["priority"], service.pk if service else None, said["minutes"],
            said["calendar"].pk, said["customer"], said["party"], team.pk if team else None, said["supplier"],
        )  # fmt: skip
        return Response(ImpactOut(whatif.impact(rule, without=old, at=database_now())).data)


class InstantOut(serializers.Serializer[Any]):
    """When the step comes for one promise."""

    promise = serializers.CharField()
    minutes = serializers.IntegerField(help_text="Of working time.")


class StepImpactOut(serializers.Serializer[Any]):
    """What a step is for: running promises keep the steps that they began with."""

    fitting = serializers.IntegerField()
    passed = serializers.IntegerField()
    is_cut = serializers.BooleanField()
    instants = InstantOut(many=True)


class EscalationPreview(Trying):
    """Another step."""

    @extend_schema(operation_id="escalations_preview", tags=[TAG], request=EscalationIn, responses=StepImpactOut)
    def post(self, request: Request) -> Response:
        """How many running promises such a step is for, and when it would come. Changes nothing."""
        said = rest.checked(EscalationIn, request)
        step = Step(id=0, **{name: said[name] for name in ("action", "percent", "offset_minutes", "priority")})
        found = whatif.step_impact(step, kind=KIND, metric=said["metric"], party=said["party"], at=database_now())
        instants = [{"promise": promise, "minutes": minutes} for promise, minutes in found.instants]
        plain = {name: getattr(found, name) for name in ("fitting", "passed", "is_cut")}
        return Response(StepImpactOut(plain | {"instants": instants}).data)


class PauseTry(rest.Input):
    """A reason, and whether waiting for it would stop the clocks."""

    reason = serializers.ChoiceField(choices=list(REASONS))
    pauses = serializers.BooleanField()


class PausePreview(Trying):
    """Another pause."""

    @extend_schema(operation_id="pause_rules_preview", tags=[TAG], request=PauseTry, responses=ImpactOut)
    def post(self, request: Request) -> Response:
        """What it would do to the clocks of records that wait for the reason now. Changes nothing."""
        found = whatif.pause_impact(kind=KIND, at=database_now(), **rest.checked(PauseTry, request))
        return Response(ImpactOut(found).data)


class TriedOut(serializers.Serializer[Any]):
    """A promise that covers the record."""

    metric = serializers.CharField(help_text="In words.")
    sentence = serializers.CharField()
    due_at = serializers.DateTimeField(allow_null=True)


class Tried(rest.ViewSet):
    """Promises tried on a record."""

    access = rest.READ
    scope_read = "settings:write"

    @extend_schema(operation_id="targets_try", tags=[TAG], parameters=[NUMBER], responses=TriedOut(many=True))
    def list(self, request: Request, number: str) -> Response:
        """What would be promised to a record, were it opened at this moment."""
        return rest.listed(request, whatif.try_it(by_number(self.actor, number), at=database_now()), TriedOut)


class RulesVersionOut(serializers.Serializer[Any]):
    """A version: who put it in force when."""

    version = serializers.IntegerField()
    by = rest.Named(allow_null=True)
    at = serializers.DateTimeField()


class Versions(rest.ViewSet):
    """Earlier versions of a list of rules."""

    access: ClassVar[Mapping[str, Access]] = {"restore": rest.EDIT, "*": rest.READ}
    scope_read = scope_write = "settings:write"
    key: ClassVar[str]

    def list(self, request: Request) -> Response:
        """The newest fifty, newest first."""
        return rest.listed(request, versions.versions(self.key), RulesVersionOut)

    def restore(self, request: Request, version: int) -> Response:
        """Put them in force again, as a new version."""
        del request
        versions.listed(self.key, version)  # 404 before anything is written
        return self.done(commands.restore, self.key, version)


def _versions(key: str, name: str, shown: type[serializers.Serializer[Any]], of: Any) -> type[Versions]:
    """The operations on versions of one list."""

    class Of(Versions):
        @extend_schema(operation_id=f"{name}_versions", tags=[TAG], responses=RulesVersionOut(many=True))
        def list(self, request: Request) -> Response:
            """The newest fifty, newest first."""
            return super().list(request)

        @extend_schema(operation_id=f"{name}_version", tags=[TAG], parameters=[VERSION], responses=shown(many=True))
        def retrieve(self, request: Request, version: int) -> Response:
            """The rows of one version."""
            return rest.listed(request, of(version), shown)

        @extend_schema(
            operation_id=f"{name}_restore", tags=[TAG], parameters=[VERSION], request=None, responses={204: None}
        )
        def restore(self, request: Request, version: int) -> Response:
            """Put them in force again, as a new version. Running clocks keep their steps and follow pause rules."""
            return super().restore(request, version)

    Of.key, Of.__name__ = key, f"{name.title()}Versions"
    return Of


Steps = _versions(versions.STEPS, "escalations", EscalationOut, versions.steps_of)
Pauses = _versions(versions.PAUSES, "pause_rules", PauseOut, versions.pauses_of)


class ExplainedLineOut(serializers.Serializer[Any]):
    """One stretch or instant of a clock; minutes are of working time."""

    kind = serializers.CharField()
    at = serializers.DateTimeField()
    text = serializers.CharField()
    until = serializers.DateTimeField(allow_null=True)
    minutes = serializers.IntegerField(allow_null=True)
    total = serializers.IntegerField(allow_null=True)


class ExplanationOut(serializers.Serializer[Any]):
    """How the due time of one clock came about."""

    metric = serializers.CharField(source="row.metric")
    promised = serializers.CharField()
    zone = serializers.CharField()
    is_cut = serializers.BooleanField()
    lines = ExplainedLineOut(many=True)


class Explained(rest.ViewSet):
    """A record's clocks, to the minute."""

    access = SIGNED_IN
    scope_read = "records:read"

    @extend_schema(
        operation_id="records_explain", tags=["records"], parameters=[NUMBER], responses=ExplanationOut(many=True)
    )
    def list(self, request: Request, number: str) -> Response:
        """How each due time of a record came about, to the minute; for those who work on it."""
        record = by_number(self.actor, number)
        policies.require(policies.can_read_internal, self.actor, record)
        return rest.listed(request, explain(record, at=database_now()), ExplanationOut)


def _paths(below: str, name: str, view: type[Versions]) -> list[Any]:
    show, restore = view.as_view({"get": "retrieve"}), view.as_view({"post": "restore"})
    return [
        path(f"{below}/versions/", view.as_view({"get": "list"}), name=f"{name}-versions-api"),
        path(f"{below}/versions/<int:version>/", show, name=f"{name}-version-api"),
        path(f"{below}/versions/<int:version>/restore/", restore, name=f"{name}-restore-api"),
    ]


urlpatterns = [
    path("records/<str:number>/promises/explained/", Explained.as_view({"get": "list"}), name="record-api-explained"),
    path("settings/targets/preview/", TargetPreview.as_view(), name="target-preview-api"),
    path("settings/targets/try/<str:number>/", Tried.as_view({"get": "list"}), name="target-try-api"),
    path("settings/escalations/preview/", EscalationPreview.as_view(), name="escalation-preview-api"),
    path("settings/pause-rules/preview/", PausePreview.as_view(), name="pause-preview-api"),
    *_paths("settings/escalations", "escalation", Steps),
    *_paths("settings/pause-rules", "pause", Pauses),
]
