"""Calendars and competences, and what each person is able to do and when they are there."""

from collections.abc import Callable, Mapping
from datetime import date, datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.roles import Permission
from kernel.paging import Key
from workforce import commands, queries
from workforce.models import Absence, Calendar, Competence

CODE = OpenApiParameter("code", str, OpenApiParameter.PATH)
PERSON = OpenApiParameter("id", int, OpenApiParameter.PATH, description="id of the person")
ROW = OpenApiParameter("row", int, OpenApiParameter.PATH)
TAG, PEOPLE = "settings: working time", "people"
END_OF_DAY = 24 * 60


class Hours(rest.Input):
    """Opening hours of one weekday, 0 is Monday; minutes after midnight."""

    weekday = serializers.IntegerField(min_value=0, max_value=6)
    start = serializers.IntegerField(min_value=0, max_value=END_OF_DAY - 1, help_text="480 is 08:00.")
    end = serializers.IntegerField(min_value=1, max_value=END_OF_DAY)


class Span(rest.Input):
    """Opening hours of a date."""

    start = serializers.IntegerField(min_value=0, max_value=END_OF_DAY - 1)
    end = serializers.IntegerField(min_value=1, max_value=END_OF_DAY)


class Day(rest.Input):
    """A date with other hours; none mean closed."""

    date = serializers.DateField()
    name = serializers.CharField(max_length=80, required=False, allow_blank=True, default="")
    hours = serializers.ListField(child=Span(), max_length=6)


class CalendarIn(rest.Input):
    """Opening hours: a week, public holidays of a country, own days."""

    code = serializers.SlugField(max_length=40, help_text="Stays as it is.")
    name = rest.Names()
    zone = serializers.CharField(max_length=40, required=False, default="Europe/Stockholm")
    always_open = serializers.BooleanField(required=False, default=False)
    weekly = serializers.ListField(child=Hours(), required=False, max_length=60, default=list)
    country = serializers.CharField(max_length=8, required=False, allow_blank=True, default="", help_text="SE, CN …")
    days = serializers.ListField(child=Day(), required=False, max_length=500, default=list)


class CalendarRow(serializers.Serializer[Any]):
    """A calendar without its own days, as lists show it."""

    code = serializers.CharField()
    name = rest.Names()
    zone = serializers.CharField()
    always_open = serializers.BooleanField()
    weekly = serializers.SerializerMethodField()
    country = serializers.CharField()
    version = serializers.IntegerField()

    def get_weekly(self, row: Calendar) -> list[dict[str, int]]:
        """The week."""
        return [{"weekday": day, "start": start, "end": end} for day, start, end in row.weekly]


class CalendarOut(CalendarRow):
    """A calendar with its own days."""

    days = serializers.SerializerMethodField()

    def get_days(self, row: Calendar) -> list[dict[str, Any]]:
        """Own days by date."""
        return [
            {"date": day.date.isoformat(), "name": day.name, "hours": [{"start": s, "end": e} for s, e in day.hours]}
            for day in queries.own_days(row)
        ]


@rest.rows_of("calendar", "calendars", tag=TAG, key=CODE)
class Calendars(rest.Rows):
    """Opening hours; running clocks are planned anew within a minute of a change."""

    given, shown = CalendarIn, CalendarOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("id"))

    @extend_schema(responses=CalendarRow(many=True))
    def list(self, request: Request) -> Response:
        """Calendars in use."""
        page = rest.paged(request, self.rows(), self.page_keys)
        return Response(rest.envelope(request, CalendarRow(page.rows, many=True).data, page))

    def rows(self) -> QuerySet[Calendar]:
        """Calendars in use."""
        return queries.calendars()

    def find(self, key: str) -> Calendar:
        """By code."""
        return queries.calendar(key)

    def whole(self, row: Calendar) -> dict[str, Any]:
        """As it would be sent."""
        body = CalendarOut(row).data
        body["days"] = [each | {"date": date.fromisoformat(each["date"])} for each in body["days"]]
        return dict(body)

    def save(self, row: Calendar | None, values: dict[str, Any], at: datetime) -> Calendar:
        """Every change moves its version."""
        days = {
            each["date"]: commands.OwnDay(
                name=each.get("name", ""), hours=tuple((span["start"], span["end"]) for span in each["hours"])
            )
            for each in values["days"]
        }
        content = commands.CalendarContent(
            name=rest.all_languages(values["name"]), zone=values["zone"], country=values["country"].strip().upper(),
            weekly=tuple(sorted((each["weekday"], each["start"], each["end"]) for each in values["weekly"])),
            always_open=values["always_open"], days=days,
        )  # fmt: skip
        if row is None:
            return commands.add_calendar(values["code"], content, actor=self.actor, at=at)
        return commands.edit_calendar(row, content, actor=self.actor, at=at)


class CompetenceIn(rest.Input):
    """A competence."""

    code = serializers.SlugField(max_length=60)
    name = rest.Names()
    is_retired = serializers.BooleanField(required=False, default=False)


class CompetenceOut(serializers.Serializer[Any]):
    """A competence."""

    code = serializers.CharField()
    name = rest.Names()
    is_retired = serializers.SerializerMethodField()

    def get_is_retired(self, row: Competence) -> bool:
        """Whether it matches nobody any more."""
        return row.retired_at is not None


@rest.rows_of("competence", "competences", tag=TAG, key=CODE)
class Competences(rest.SettingsRows):
    """What people are able to do."""

    given, shown = CompetenceIn, CompetenceOut
    lookup_field = lookup_url_kwarg = "code"
    page_keys = (Key("code"), Key("id"))

    def rows(self) -> QuerySet[Competence]:
        """All of them, retired ones too."""
        return queries.all_competences()

    def find(self, key: str) -> Competence:
        """By code."""
        return queries.competence(key)

    def whole(self, row: Competence) -> dict[str, Any]:
        """With the retirement as yes or no."""
        return {"code": row.code, "name": row.name, "is_retired": row.retired_at is not None}

    def save(self, row: Competence | None, values: dict[str, Any], at: datetime) -> Competence:
        """Names in all languages."""
        return commands.save_competence(
            row, code=values["code"], name=rest.all_languages(values["name"]), is_retired=values["is_retired"],
            actor=self.actor, at=at,
        )  # fmt: skip

    def retire(self, row: Competence, at: datetime) -> None:
        """Matches nobody any more."""
        self.save(row, {**self.whole(row), "is_retired": True}, at)


class HeldIn(rest.Input):
    """A competence that a person holds."""

    competence = serializers.SlugRelatedField(slug_field="code", queryset=queries.competences_in_use())
    level = serializers.IntegerField(min_value=1, max_value=3)
    valid_until = serializers.DateField(required=False, allow_null=True, default=None)


class HeldOut(serializers.Serializer[Any]):
    """A competence that a person holds, expired ones too."""

    id = serializers.IntegerField()
    competence = serializers.CharField(source="competence.code")
    level = serializers.IntegerField()
    valid_until = serializers.DateField(allow_null=True)


class ScheduleIn(rest.Input):
    """The hours that a person works from a day on."""

    calendar = serializers.SlugRelatedField(slug_field="code", queryset=queries.calendars())
    percent = serializers.IntegerField(min_value=1, max_value=100, required=False, default=100)
    valid_from = serializers.DateField()


class ScheduleOut(serializers.Serializer[Any]):
    """Hours from a day on."""

    id = serializers.IntegerField()
    calendar = serializers.CharField(source="calendar.code")
    percent = serializers.IntegerField()
    valid_from = serializers.DateField()


class AbsenceIn(rest.Input):
    """Time that is not free for the queue."""

    kind = serializers.ChoiceField(choices=Absence.Kind.choices)
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    note = serializers.CharField(max_length=120, required=False, allow_blank=True, default="")


class AbsenceOut(serializers.Serializer[Any]):
    """Time that is not free for the queue."""

    id = serializers.IntegerField()
    kind = serializers.CharField()
    starts_at = serializers.DateTimeField()
    ends_at = serializers.DateTimeField()
    note = serializers.CharField()


class WorkingTime(rest.ViewSet):
    """What one person is able to do, and when they are there."""

    access: ClassVar[Mapping[str, Access]] = {
        "competences": Access(Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.CAPACITY_READ)),
        "schedules": Access(Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.CAPACITY_READ)),
        "absences": Access(Who.ALLOWED, (Permission.PEOPLE_EDIT, Permission.CAPACITY_READ)),
        "*": Access(Who.ALLOWED, (Permission.PEOPLE_EDIT,)),
    }
    scope_read = scope_write = "settings:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"

    @extend_schema(operation_id="people_competences", tags=[PEOPLE], parameters=[PERSON], responses=HeldOut(many=True))
    @action(detail=True, methods=["get"], url_path="competences", url_name="competences")
    def competences(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """What the person is able to do."""
        return rest.listed(request, queries.held(queries.person(int(id))), HeldOut)

    @extend_schema(
        operation_id="people_hold", tags=[PEOPLE], parameters=[PERSON], request=HeldIn, responses={201: HeldOut}
    )
    @competences.mapping.post
    def hold(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Note a competence of the person; replaces the level that was noted before."""
        found, values = queries.person(int(id)), rest.checked(HeldIn, request)
        return self._added(HeldOut, commands.hold_competence, found, values.pop("competence"), **values)

    @extend_schema(operation_id="people_unhold", tags=[PEOPLE], parameters=[PERSON, ROW], responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"competences/(?P<row>[0-9]{1,9})", url_name="competence")
    def unhold(self, request: Request, id: str, row: str) -> Response:  # noqa: A002  # the name in the address
        """The person does not hold it any more."""
        del request
        held = queries.held_row(queries.person(int(id)), int(row))
        return self.done(commands.drop_competence, held)

    @extend_schema(
        operation_id="people_schedules", tags=[PEOPLE], parameters=[PERSON], responses=ScheduleOut(many=True)
    )
    @action(detail=True, methods=["get"], url_path="schedules", url_name="schedules")
    def schedules(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """The person's hours, newest first; full office hours where there are none."""
        return rest.listed(request, queries.schedules(queries.person(int(id))), ScheduleOut)

    @extend_schema(
        operation_id="people_schedule", tags=[PEOPLE], parameters=[PERSON], request=ScheduleIn,
        responses={201: ScheduleOut},
    )  # fmt: skip
    @schedules.mapping.post
    def schedule(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Other hours from a day on."""
        found, values = queries.person(int(id)), rest.checked(ScheduleIn, request)
        return self._added(ScheduleOut, commands.set_schedule, found, values.pop("calendar"), **values)

    @extend_schema(operation_id="people_absences", tags=[PEOPLE], parameters=[PERSON], responses=AbsenceOut(many=True))
    @action(detail=True, methods=["get"], url_path="absences", url_name="absences")
    def absences(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """The person's latest and coming absences, newest first."""
        return rest.listed(request, queries.absences(queries.person(int(id))), AbsenceOut)

    @extend_schema(
        operation_id="people_absent", tags=[PEOPLE], parameters=[PERSON], request=AbsenceIn,
        responses={201: AbsenceOut},
    )  # fmt: skip
    @absences.mapping.post
    def absent(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Note time away, on call or reserved."""
        found, values = queries.person(int(id)), rest.checked(AbsenceIn, request)
        return self._added(AbsenceOut, commands.add_absence, found, **values)

    @extend_schema(operation_id="people_present", tags=[PEOPLE], parameters=[PERSON, ROW], responses={204: None})
    @action(detail=True, methods=["delete"], url_path=r"absences/(?P<row>[0-9]{1,9})", url_name="absence")
    def present(self, request: Request, id: str, row: str) -> Response:  # noqa: A002  # the name in the address
        """It was noted wrongly, or the person is back."""
        del request
        absence = queries.absence(queries.person(int(id)), int(row))
        return self.done(commands.drop_absence, absence)

    def _added(
        self, shown: type[serializers.Serializer[Any]], command: Callable[..., Any], *about: Any, **values: Any
    ) -> Response:
        def work(at: datetime) -> Response:
            return Response(shown(command(*about, **values, actor=self.actor, at=at)).data, status=201)

        return self.act(work)


ROUTES = [
    ("settings/calendars", Calendars, "calendar-api"),
    ("settings/competences", Competences, "competence-api"),
    ("people", WorkingTime, "working-time-api"),
]
