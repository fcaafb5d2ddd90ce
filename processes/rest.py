"""The API of a process: list, read and every step of its life, as the page has them (ARCHITECTURE 9)."""

from collections.abc import Callable, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import Model, QuerySet
from django.utils import timezone, translation
from drf_spectacular.types import OpenApiTypes
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import SIGNED_IN, Access
from accounts.rest.forms import described, filled
from accounts.rest.paging import envelope
from kernel.actor import Actor
from kernel.bulk import MOST
from kernel.paging import ordering
from kernel.templatetags.spindel import localname
from processes.conditions import RecordFilter
from processes.listing import BulkVerb
from processes.pages import RecordPages
from processes.process import Process
from processes.rows import Listed, Row
from processes.steps import Verb
from records import commands as records
from records.models import ProcessRecord, Undo
from records.queries.page import url_of

NUMBER = OpenApiParameter("number", OpenApiTypes.STR, OpenApiParameter.PATH, description="For example INC-2400.")
PUBLIC = ("number", "title", "state", "phase", "priority", "opened_at", "closed_at")
"""What a requester reads in a row of an own record; everything else is for staff."""


class ClockOut(serializers.Serializer[Any]):
    """One promise; `left` is working time in seconds, negative once overdue."""

    metric = serializers.ChoiceField(choices=["response", "resolution"])
    state = serializers.ChoiceField(choices=["breach", "risk", "paused", "ok", "met"])
    due_at = serializers.DateTimeField(allow_null=True)
    left = serializers.IntegerField(allow_null=True)
    used_percent = serializers.IntegerField()


class ComponentRef(rest.Named):
    """The component that it is about."""

    tag = serializers.CharField()


class RecordRowOut(serializers.Serializer[Any]):
    """A record as a list shows it. Of an own one that others handle only the members that are required here."""

    number = serializers.CharField()
    title = serializers.CharField()
    state = serializers.CharField()
    phase = serializers.CharField()
    priority = serializers.IntegerField()
    opened_at = serializers.DateTimeField()
    closed_at = serializers.DateTimeField(allow_null=True)
    id = serializers.IntegerField(required=False)
    url = serializers.CharField(required=False, help_text="Address of the page.")
    requester = rest.Named(required=False, allow_null=True)
    contact_owner = rest.Named(required=False, allow_null=True, help_text="Who answers the requester.")
    assignee = rest.Named(required=False, allow_null=True, help_text="Who has the work.")
    component = ComponentRef(required=False, allow_null=True)
    service = rest.Coded(required=False, allow_null=True)
    team = rest.Coded(required=False, allow_null=True)
    category = rest.Coded(required=False, allow_null=True)
    responded_at = serializers.DateTimeField(required=False, allow_null=True)
    last_at = serializers.DateTimeField(required=False)
    due_at = serializers.DateTimeField(required=False, allow_null=True)
    clocks = ClockOut(many=True, required=False)


def row_values(subject: ProcessRecord, row: Row) -> dict[str, Any]:
    """A row of the API; of an own record that others handle only what is public."""
    public = {name: getattr(row, name) for name in PUBLIC} | dict(row.own)
    if not row.is_internal:
        return public
    record = subject.record
    return public | {
        "last_at": row.last_at, "due_at": row.due_at, "clocks": row.clocks,
        "id": subject.pk, "url": url_of(record), "responded_at": record.responded_at,
        "requester": named(record.requester), "contact_owner": named(record.contact_owner),
        "assignee": {"id": row.assignee_id, "name": row.assignee} if row.assignee_id else None,
        "team": coded(record.owner_team), "category": coded(record.category),
        "component": named(record.component, tag=record.component.tag) if record.component else None,
        "service": named(record.service.component, code=record.service.code) if record.service else None,
    }  # fmt: skip


def named(thing: Model | None, **more: Any) -> dict[str, Any] | None:
    """A thing by id and name."""
    return None if thing is None else {"id": thing.pk, "name": getattr(thing, "name", ""), **more}


def coded(thing: Model | None) -> dict[str, Any] | None:
    """A thing by id, code and name."""
    if thing is None:
        return None
    return {"id": thing.pk, "code": getattr(thing, "code", ""), "name": localname(getattr(thing, "name", {}))}


@dataclass(frozen=True, kw_only=True)
class RecordApi:
    """What the API of a process is made of.

    `whole(actor, subject, row)` gives the further members of one record, for a reader who may read all of it.
    """

    listed: Listed[Any]
    pages: RecordPages[Any]
    filters: type[RecordFilter]
    row: type[RecordRowOut]
    out: type[RecordRowOut]
    whole: Callable[[Actor, Any, Row], dict[str, Any]]
    readers: Access
    tag: str
    bulk: tuple[BulkVerb[Any], ...] = ()
    changers: Access = SIGNED_IN
    """Verbs of the list, and who may knock at them."""

    @property
    def process(self) -> Process[Any]:
        """Whose API it is."""
        return self.listed.process


class RecordViewSet(rest.ViewSet):
    """List, read, and each step as a POST. A process sets `of`, and adds opening and changing."""

    of: ClassVar[RecordApi]
    access: ClassVar[dict[str, Access]]
    scope_read, scope_write = "records:read", "records:write"
    lookup_field, lookup_url_kwarg = "number", "number"

    def __init_subclass__(cls, **kwargs: Any) -> None:
        """Give the process its list, its reading and its steps, described as its forms are."""
        super().__init_subclass__(**kwargs)
        bulk = {f"bulk_{verb.name}": cls.of.changers for verb in cls.of.bulk}
        cls.access = {"list": cls.of.readers, "*": SIGNED_IN, **bulk, **cls.__dict__.get("access", {})}
        cls.serializer_class = cls.of.out
        cls.list = _list(cls.of)  # type: ignore[method-assign]  # described for this process
        cls.retrieve = _retrieve(cls.of)  # type: ignore[method-assign]  # as above
        for name, verb in cls.of.pages.verbs.items():
            setattr(cls, f"step_{name}", _step(cls.of, name, verb))
        for each in cls.of.bulk:
            setattr(cls, f"bulk_{each.name}", _bulk(cls.of, each))

    def list(self, request: Request) -> Response:
        """Filled in for every process."""
        raise NotImplementedError

    def retrieve(self, request: Request, number: str) -> Response:
        """Filled in for every process."""
        raise NotImplementedError

    def get_queryset(self) -> QuerySet[Any]:
        """Filtered as the list page is."""
        rows = self.of.listed.rows(self.actor).select_related("record__contact_owner", *self.of.process.related)
        chosen: QuerySet[Any] = self.of.filters(
            self.request.query_params, queryset=rows, actor=self.actor, at=timezone.now()
        ).qs
        return chosen

    def shown(self, subject: ProcessRecord, at: datetime, *, status: int = 200) -> Response:
        """The record as far as the caller may read it, with its ETag."""
        row = self.of.listed.rows_of([subject], at, actor=self.actor)[0]
        record = subject.record
        values = row_values(subject, row) | {"description": record.description, "version": record.version}
        if row.is_internal:
            values |= {"waiting_reason": record.waiting_reason, **self.of.whole(self.actor, subject, row)}
        return Response(drawn(self.of.out, [values])[0], status=status, headers=rest.etag(record.version))

    def matching(self) -> Sequence[str]:
        """Numbers of what the filters of the address match, in the order of the list; one more than go at once."""
        keys = self.of.listed.keys_of(self.request.query_params.get("sort", "due"))
        rows = self.get_queryset().order_by(*ordering(keys))
        return tuple(rows.values_list("record__number", flat=True)[: MOST + 1])

    def by_number(self, number: str) -> Any:
        """The record, or 404."""
        return self.of.process.by_number(self.actor, number)


def drawn(shape: type[serializers.Serializer[Any]], rows: list[dict[str, Any]]) -> list[dict[str, Any]]:
    """Rendered rows; members that the reader may not know are not there. One serializer: making its fields is dear."""
    draw = shape().to_representation
    return [{name: value for name, value in draw(row).items() if name in row} for row in rows]


def _list(of: RecordApi) -> Any:
    filters = [OpenApiParameter(name, str, description=str(each.label)) for name, each in
               of.filters.base_filters.items()]  # fmt: skip
    ways = sorted({*of.listed.sorts, *(f"-{each}" for each in of.listed.sorts)})
    sort = OpenApiParameter("sort", str, enum=ways, description="due without it; a minus turns it round")

    def list_(self: RecordViewSet, request: Request) -> Response:
        """Records that you may see, open ones unless `state` says otherwise; filters and sort as on the page."""
        keys = of.listed.keys_of(request.query_params.get("sort", "due"))
        page = rest.paged(request, self.get_queryset(), keys)
        rows = of.listed.rows_of(page.rows, timezone.now(), actor=self.actor)
        values = [row_values(each, row) for each, row in zip(page.rows, rows, strict=True)]
        return Response(envelope(request, drawn(of.row, values), page))

    list_.__name__ = "list"
    describe = extend_schema(operation_id=f"{of.tag}_list", parameters=[*filters, sort], responses=of.row(many=True),
                             tags=[of.tag])  # fmt: skip
    return describe(list_)


def _retrieve(of: RecordApi) -> Any:
    def retrieve(self: RecordViewSet, request: Request, number: str) -> Response:
        """One record, with its ETag."""
        del request
        return self.shown(self.by_number(number), timezone.now())

    describe = extend_schema(operation_id=f"{of.tag}_read", parameters=[NUMBER], responses=of.out, tags=[of.tag])
    return describe(retrieve)


def _step(of: RecordApi, name: str, verb: Verb[Any]) -> Any:
    """The address of one step."""

    def post(self: RecordViewSet, request: Request, number: str) -> Response:
        subject = self.by_number(number)
        values = filled(verb.form, request.data, subject=subject, actor=self.actor)

        def work(at: datetime) -> Response:
            at = records.lock(subject.record, at=at)
            rest.match(request, subject.record.version)
            verb.run(subject, values, actor=self.actor, at=at)
            return self.shown(self.by_number(number), at)

        return self.act(work)

    post.__name__, post.__doc__ = f"step_{name}", verb.says
    with translation.override("en"):
        given = described(verb.form, f"{of.process.kind.title()}{name.title().replace('_', '')}")
    examples = [OpenApiExample(verb.says, value=dict(verb.example), request_only=True)] if verb.example else []
    describe = extend_schema(operation_id=f"{of.tag}_{name}", parameters=[NUMBER, rest.SEEN], request=given,
                             responses=of.out, tags=[of.tag], examples=examples)  # fmt: skip
    return describe(action(detail=True, methods=["post"], url_path=name, url_name=name.replace("_", "-"))(post))


def _bulk(of: RecordApi, verb: BulkVerb[Any]) -> Any:
    """The address of one verb for many."""

    def post(self: RecordViewSet, request: Request) -> Response:
        chosen, left = rest.rows_chosen(request)
        values = filled(verb.form, left)

        def one(number: str, at: datetime) -> int | None:
            made = verb.run(self.by_number(number), values, actor=self.actor, at=at)
            return made.pk if isinstance(made, Undo) else None

        return rest.each(request, chosen or self.matching(), one, actor=self.actor)

    name = verb.name
    post.__name__, post.__doc__ = f"bulk_{name}", f"{verb.says} {rest.BULK_SAYS}"
    with translation.override("en"):
        given = rest.bulk_input(described(verb.form, f"{of.process.kind.title()}Bulk{name.title()}"))
    shown = OpenApiExample(verb.says, value={"rows": ["INC-2400"], **verb.example}, request_only=True)
    describe = extend_schema(operation_id=f"{of.tag}_bulk_{name}", request=given, responses=rest.BulkOut, tags=[of.tag],
                             examples=[shown])  # fmt: skip
    return describe(action(detail=False, methods=["post"], url_path=f"bulk/{name}", url_name=f"bulk-{name}")(post))
