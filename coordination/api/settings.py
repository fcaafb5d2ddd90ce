"""Settings of the queue: the points of the rank, what one person may be given, the reasons to choose from."""

from collections.abc import Mapping
from dataclasses import asdict
from datetime import datetime
from typing import Any, ClassVar

from django.urls import path
from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access
from accounts.queries import setting_version
from coordination import commands as work
from coordination.queries.limits import Limits, limits
from coordination.queries.preview import moves, rule_versions, rules_of_version
from coordination.queries.rank import RULES, rules
from coordination.queries.reasons import Reasons, reasons
from coordination.queries.skips import SKIP_KEYS, skips_behind, skips_lately
from coordination.ranking import Rules

TAG = "settings: queue"
GROUP = [OpenApiParameter(name, str, description=says) for name, says in
         (("kind", "Of the records."), ("reason", "Code."), ("needs", "From `query`."))]  # fmt: skip
VERSION = OpenApiParameter("version", int, OpenApiParameter.PATH)


def _points(most: int = 1000) -> serializers.IntegerField:
    return serializers.IntegerField(min_value=0, max_value=most)


def _several(count: int | None, says: str) -> serializers.ListField:
    return serializers.ListField(
        child=_points(10_000), min_length=count or 1, max_length=count or 30, help_text=says
    )  # fmt: skip


class RankingBody(rest.Input):
    """The points of every part of the rank; a late P4 may never stand above a fresh P1 that stops services."""

    risk_caps = _several(4, "Broken promise, P1 to P4.")
    risk_shares = _several(5, "Percent of the cap at 25, 50, 75, 90 and 100 % used.")
    priority_points = _several(4, "P1 to P4.")
    harm_service = _points()
    harm_more_services = _points()
    harm_prioritised = _points()
    harm_per_hundred_people = _points()
    harm_cap = _points()
    waiting_hours = _several(None, "Waiting grows after so many hours.")
    waiting_step = _points(100)
    major = _points()
    vip = _points()
    boost_cap = _points(100)


class RankingOut(RankingBody):
    """The points in force and their version."""

    version = serializers.IntegerField()


def _plain(values: Mapping[str, Any]) -> dict[str, Any]:
    return {name: tuple(value) if isinstance(value, list) else value for name, value in values.items()}


@rest.object_of("points of the rank", name="ranking", tag=TAG)
class Ranking(rest.SettingsObject):
    """How work is ranked; the queue follows within a minute."""

    given, shown = RankingBody, RankingOut

    def present(self) -> Rules:
        """The rules in force."""
        return rules()

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """As a new version; every version is kept."""
        work.change_rules(Rules(**_plain(values)), actor=self.actor, at=at)


class MoveOut(serializers.Serializer[Any]):
    """A work item whose place other points would change, among the first two hundred."""

    number = serializers.CharField()
    title = serializers.CharField()
    place = serializers.IntegerField()
    new_place = serializers.IntegerField()
    score = serializers.IntegerField()
    new_score = serializers.IntegerField()
    why = serializers.CharField()


class RankingPreview(rest.View):
    """What other points would move."""

    access = rest.READ
    scope_read = scope_write = "settings:write"

    @extend_schema(operation_id="ranking_preview", tags=[TAG], request=RankingBody, responses=MoveOut(many=True))
    def post(self, request: Request) -> Response:
        """Which of the first two hundred would change place, largest move first. Changes nothing."""
        proposed = Rules(**_plain(rest.checked(RankingBody, request)))
        return rest.listed(request, moves(self.actor, proposed, timezone.now()), MoveOut)


class VersionOut(serializers.Serializer[Any]):
    """A version of the points: who put it in force when."""

    version = serializers.IntegerField(source="value.version")
    by = rest.Named(allow_null=True)
    at = serializers.DateTimeField()


class RankingVersions(rest.ViewSet):
    """Every version of the points of the rank."""

    access: ClassVar[Mapping[str, Access]] = {"restore": rest.EDIT, "*": rest.READ}
    scope_read = scope_write = "settings:write"
    lookup_field = lookup_url_kwarg = "version"
    lookup_value_regex = "[0-9]{1,8}"
    serializer_class = VersionOut

    @extend_schema(operation_id="ranking_versions", tags=[TAG], responses=VersionOut(many=True))
    def list(self, request: Request) -> Response:
        """The newest fifty, newest first; version 1 came with Spindel."""
        return rest.listed(request, rule_versions(), VersionOut)

    @extend_schema(operation_id="ranking_version", tags=[TAG], parameters=[VERSION], responses=RankingOut)
    def retrieve(self, request: Request, version: str) -> Response:
        """The points of one version."""
        del request
        return Response(RankingOut(rules_of_version(int(version))).data)

    @extend_schema(
        operation_id="ranking_restore", tags=[TAG], parameters=[VERSION, rest.SEEN], request=None, responses=RankingOut
    )
    @action(detail=True, methods=["post"], url_path="restore", url_name="restore")
    def restore(self, request: Request, version: str) -> Response:
        """Put its points in force again, as a new version. If-Match is the ETag of the points in force."""

        def run(at: datetime) -> Response:
            rest.match_tag(request, rest.tag_of(RankingOut(rules()).data), is_required=False)
            work.restore_rules(int(version), seen=setting_version(RULES), actor=self.actor, at=at)
            body = RankingOut(rules()).data
            return Response(body, headers={"ETag": rest.tag_of(body)})

        return self.act(run)


class LimitsBody(rest.Input):
    """What one person may be given."""

    work_in_progress = serializers.IntegerField(min_value=1, max_value=50, help_text="Places in progress.")
    free_release_seconds = serializers.IntegerField(min_value=0, max_value=3600, help_text="Back without a reason.")
    skip_hours = serializers.IntegerField(min_value=1, max_value=24 * 14, help_text="Skipped work is left out.")


@rest.object_of("limits of a person", name="limits", tag=TAG)
class PersonLimits(rest.SettingsObject):
    """Places in progress, free release, skips."""

    given = shown = LimitsBody

    def present(self) -> Limits:
        """The limits in force."""
        return limits()

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """As a new version."""
        work.change_limits(Limits(**values), actor=self.actor, at=at)


class Reason(rest.Input):
    """A reason: its code is kept for ever; an empty name means the words that it came with."""

    code = serializers.SlugField(max_length=20)
    name = serializers.DictField(
        child=serializers.CharField(max_length=80, allow_blank=True), help_text="en, sv, zh-hans"
    )
    is_retired = serializers.BooleanField(required=False, default=False)


class ReasonsBody(rest.Input):
    """Why work goes back, waits, is passed over; each list in order."""

    release = serializers.ListField(child=Reason(), max_length=30)
    wait = serializers.ListField(child=Reason(), max_length=30)
    skip = serializers.ListField(child=Reason(), max_length=30)

    def to_representation(self, instance: Reasons) -> dict[str, Any]:
        """Lists in order."""
        return {name: [dict(row) for row in rows] for name, rows in asdict(instance).items()}


@rest.object_of("reasons of the queue", name="reasons", tag=TAG)
class QueueReasons(rest.SettingsObject):
    """Reasons that people choose from."""

    given = shown = ReasonsBody

    def present(self) -> Reasons:
        """The lists in force."""
        return reasons()

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """As a new version."""
        lists = {name: tuple({**row, "is_retired": row.get("is_retired", False)} for row in rows)
                 for name, rows in values.items()}  # fmt: skip
        work.change_reasons(Reasons(**lists), actor=self.actor, at=at)


class SkippedOut(serializers.Serializer[Any]):
    """Work that was passed over, when, and what was noted."""

    number = serializers.CharField(source="work_item.record.number")
    title = serializers.CharField(source="work_item.record.title")
    at = serializers.DateTimeField()
    note = serializers.CharField()


class SkipsOut(serializers.Serializer[Any]):
    """Work of one kind with the same needs that was passed over for one reason; people are not named."""

    kind = serializers.CharField()
    reason = serializers.CharField()
    needs = serializers.CharField(source="needs_words")
    times = serializers.IntegerField()
    work_items = serializers.IntegerField()
    last_at = serializers.DateTimeField()
    query = serializers.CharField(help_text="Asks `work/` for what stands behind it.")


class SkipsReview(rest.ViewSet):
    """What people passed over and why, for the review of the points."""

    access: ClassVar[Mapping[str, Access]] = {"*": rest.READ}
    scope_read = "settings:write"
    serializer_class = SkipsOut

    @extend_schema(operation_id="ranking_skips", tags=[TAG], responses=SkipsOut(many=True), filters=False)
    def list(self, request: Request) -> Response:
        """By kind, reason and needs over the last 30 days, the most frequent first."""
        return rest.listed(request, skips_lately(timezone.now()), SkipsOut)

    @extend_schema(
        operation_id="ranking_skipped", tags=[TAG], parameters=GROUP, responses=SkippedOut(many=True), filters=False
    )
    @action(detail=False, methods=["get"], url_path="work", url_name="work")
    def work(self, request: Request) -> Response:
        """The work behind one group, as far as you may read it; not who passed it over."""
        rows = skips_behind(self.actor, request.query_params.dict(), timezone.now())
        page = rest.paged(request, rows, SKIP_KEYS)
        return Response(rest.envelope(request, SkippedOut(page.rows, many=True).data, page))


urlpatterns = [
    path("settings/ranking/preview/", RankingPreview.as_view(), name="ranking-preview-api"),
    path("settings/ranking/", Ranking.as_view(), name="ranking-api"),
    path("settings/limits/", PersonLimits.as_view(), name="limits-api"),
    path("settings/reasons/", QueueReasons.as_view(), name="reasons-api"),
]
