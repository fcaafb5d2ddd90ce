"""Settings of the queue: the points of the rank, what one person may be given, the reasons to choose from."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.urls import path
from rest_framework import serializers

from accounts import rest
from coordination import commands as work
from coordination.queries.limits import Limits, limits
from coordination.queries.rank import rules
from coordination.queries.reasons import Reasons, reasons
from coordination.ranking import Rules

TAG = "settings: queue"


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


@rest.object_of("points of the rank", name="ranking", tag=TAG)
class Ranking(rest.SettingsObject):
    """How work is ranked; the queue follows within a minute."""

    given, shown = RankingBody, RankingOut

    def present(self) -> Rules:
        """The rules in force."""
        return rules()

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """As a new version; every version is kept."""
        plain: dict[str, Any] = {
            name: tuple(value) if isinstance(value, list) else value for name, value in values.items()
        }
        work.change_rules(Rules(**plain), actor=self.actor, at=at)


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


urlpatterns = [
    path("settings/ranking/", Ranking.as_view(), name="ranking-api"),
    path("settings/limits/", PersonLimits.as_view(), name="limits-api"),
    path("settings/reasons/", QueueReasons.as_view(), name="reasons-api"),
]
