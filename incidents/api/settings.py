"""Settings of incidents: categories, the priority matrix, closing and reopening."""

from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.urls import path
from drf_spectacular.utils import OpenApiParameter
from rest_framework import serializers

from accounts import rest
from incidents import commands
from incidents.queries import choices, rules, settings
from kernel.paging import Key
from records.commands.category import CategoryValues, save_category
from records.models import Category

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH, description="network")
TAG = "settings: incidents"


class CategoryIn(rest.Input):
    """A category: names, what it stands below, the team that gets its work, how long that usually takes."""

    code = serializers.SlugField(max_length=60, help_text="Stays as it is: saved filters name it.")
    name = rest.Names()
    parent = serializers.SlugRelatedField(  # type: ignore[assignment]  # a member named parent
        slug_field="code", queryset=choices.categories(), required=False, allow_null=True
    )
    team = serializers.SlugRelatedField(slug_field="code", queryset=choices.teams(), required=False, allow_null=True)
    estimate_minutes = serializers.IntegerField(required=False, allow_null=True, min_value=1, max_value=2400)
    is_retired = serializers.BooleanField(required=False)


class CategoryOut(serializers.Serializer[Any]):
    """A category."""

    code = serializers.CharField()
    name = rest.Names()
    parent = serializers.CharField(source="parent.code", default=None, allow_null=True)  # type: ignore[assignment]  # a member named parent
    team = serializers.CharField(source="team.code", default=None, allow_null=True)
    estimate_minutes = serializers.IntegerField(allow_null=True)
    is_retired = serializers.SerializerMethodField()

    def get_is_retired(self, row: Category) -> bool:
        """Whether it is offered no more."""
        return row.retired_at is not None


@rest.rows_of("category", "categories", tag=TAG, key=CODE)
class Categories(rest.SettingsRows):
    """What incidents can be about."""

    given, shown = CategoryIn, CategoryOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("id"))

    def rows(self) -> QuerySet[Category]:
        """All of them, by code."""
        return settings.categories()

    def find(self, key: str) -> Category:
        """One by its code."""
        return settings.category_by_code(key)

    def whole(self, row: Category) -> dict[str, Any]:
        """With the retirement as yes or no."""
        names = ("code", "name", "parent", "team", "estimate_minutes")
        return {name: getattr(row, name) for name in names} | {"is_retired": row.retired_at is not None}

    def save(self, row: Category | None, values: dict[str, Any], at: datetime) -> Category:
        """Its code stays when it is changed."""
        content = CategoryValues(
            name=rest.all_languages(values["name"]), parent=values["parent"], team=values["team"],
            estimate_minutes=values["estimate_minutes"], is_retired=bool(values["is_retired"]),
        )  # fmt: skip
        code = row.code if row else values["code"]
        return save_category(row, content, kind="incident", code=code, actor=self.actor, at=at)

    def retire(self, row: Category, at: datetime) -> None:
        """Offered no more."""
        self.save(row, {**self.whole(row), "is_retired": True}, at)


class MatrixCell(rest.Input):
    """One priority of the matrix."""

    impact = serializers.IntegerField(min_value=1, max_value=4)
    urgency = serializers.IntegerField(min_value=1, max_value=4)
    priority = serializers.IntegerField(min_value=1, max_value=4)


class MatrixBody(rest.Input):
    """All sixteen cells."""

    cells = serializers.ListField(child=MatrixCell(), min_length=16, max_length=16)


@rest.object_of("priority matrix", name="matrix", tag=TAG)
class Matrix(rest.SettingsObject):
    """Impact × urgency → priority. New assessments follow it, no open incident moves."""

    given = shown = MatrixBody

    def present(self) -> dict[str, Any]:
        """All cells in force."""
        cells = sorted(rules.matrix().items())
        return {"cells": [{"impact": i, "urgency": u, "priority": priority} for (i, u), priority in cells]}

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """All sixteen."""
        cells = {(each["impact"], each["urgency"]): each["priority"] for each in values["cells"]}
        with rest.conditional():
            commands.set_matrix(cells, seen=rules.matrix(), actor=self.actor, at=at)


class ClosingBody(rest.Input):
    """When resolved incidents close by themselves, how long they may be reopened, whose working days count."""

    auto_close_working_days = serializers.IntegerField(min_value=1, max_value=60)
    reopen_calendar_days = serializers.IntegerField(min_value=1, max_value=365)
    calendar = serializers.SlugRelatedField(slug_field="code", queryset=choices.calendars(), allow_null=True)

    def to_representation(self, instance: rules.ClosingRules) -> dict[str, Any]:
        """The calendar is kept by its code."""
        return {
            "auto_close_working_days": instance.auto_close_working_days,
            "reopen_calendar_days": instance.reopen_calendar_days,
            "calendar": instance.calendar or None,
        }


@rest.object_of("rules of closing", name="closing", tag=TAG)
class Closing(rest.SettingsObject):
    """Closing by itself, and the window for reopening; incidents resolved from now on follow it."""

    given = shown = ClosingBody

    def present(self) -> rules.ClosingRules:
        """The rules in force."""
        return rules.closing_rules()

    def save(self, values: dict[str, Any], at: datetime) -> None:
        """Kept as a new version."""
        calendar = values.pop("calendar")
        wanted = rules.ClosingRules(**values, calendar=calendar.code if calendar else "")
        commands.set_closing_rules(wanted, seen=rules.closing_version(), actor=self.actor, at=at)


ROUTES = [("settings/categories", Categories, "category-api")]
urlpatterns = [
    path("settings/matrix/", Matrix.as_view(), name="matrix-api"),
    path("settings/closing/", Closing.as_view(), name="closing-api"),
]
