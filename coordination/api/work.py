"""/api/v1/work/: the one queue, with the same commands and the same permissions as the pages."""

from collections.abc import Callable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework import serializers
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.rest.paging import envelope
from accounts.roles import Permission
from coordination import commands as work
from coordination.filters import read_filter
from coordination.models import WorkItem
from coordination.queries.counts import counts
from coordination.queries.rows import Reader, View, as_rows, of_view, reader_of, row_of
from coordination.queries.work import competences_in_use, person, teams, work_item
from coordination.workflow import SIZES
from kernel.localnames import local_name
from workforce.queries import Held, competences_held

READERS = Access(Who.ALLOWED, (Permission.WORK_PICK, Permission.WORK_ASSIGN, Permission.RECORD_SEE_ALL))
WORKERS = Access(Who.ALLOWED, (Permission.WORK_PICK, Permission.WORK_ASSIGN))
PICK, ASSIGN = Access(Who.ALLOWED, (Permission.WORK_PICK,)), Access(Who.ALLOWED, (Permission.WORK_ASSIGN,))
BOOST = Access(Who.ALLOWED, (Permission.WORK_BOOST,))
WORK_ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
FILTERS = [OpenApiParameter("view", str, enum=[view.value for view in View]),
           *(OpenApiParameter(name, str) for name in ("q", "priority", "sla", "competence", "team", "site",
                                                      "component"))]  # fmt: skip


class PartOutput(serializers.Serializer[Any]):
    """One part of a rank: its points, and the reason in words."""

    name = serializers.CharField()
    points = serializers.IntegerField()
    words = serializers.CharField()


class WorkRowOutput(serializers.Serializer[Any]):
    """A work item in the queue; `score` is the sum of `parts`, null once it has left the queue."""

    id = serializers.IntegerField()
    number = serializers.CharField()
    title = serializers.CharField()
    url = serializers.CharField()
    priority = serializers.IntegerField()
    state = serializers.CharField()
    task = serializers.CharField()
    component = serializers.CharField()
    site = serializers.CharField()
    team = serializers.SerializerMethodField()
    assignee = serializers.CharField()
    assignee_id = serializers.IntegerField(allow_null=True)
    needs = serializers.SerializerMethodField()
    estimate_minutes = serializers.IntegerField()
    is_major = serializers.BooleanField()
    is_routed = serializers.BooleanField()
    offered_at = serializers.DateTimeField()
    waiting_until = serializers.DateTimeField(allow_null=True)
    due_at = serializers.DateTimeField(source="face.due_at", allow_null=True)
    score = serializers.IntegerField(allow_null=True)
    reasons = serializers.CharField(source="summary")
    parts = PartOutput(many=True)
    not_for_you = serializers.CharField(source="miss_words")

    def get_team(self, row: Any) -> str:
        """The team's name."""
        return local_name(row.team)

    def get_needs(self, row: Any) -> list[str]:
        """Competences in words."""
        return [need.words for need in row.needs]


class WorkOutput(serializers.Serializer[Any]):
    """A work item after a verb."""

    id = serializers.IntegerField()
    number = serializers.CharField(source="record.number")
    state = serializers.CharField()
    assignee = serializers.CharField(source="assignee.name", default=None, allow_null=True)
    assignee_id = serializers.IntegerField(allow_null=True)
    waiting_reason = serializers.CharField()
    waiting_until = serializers.DateTimeField(allow_null=True)


class PickedOutput(serializers.Serializer[Any]):
    """What one got, its score and why, and how many above it were not for one."""

    work = WorkOutput(source="work_item")
    score = serializers.IntegerField()
    why = serializers.ListField(child=serializers.DictField())
    skipped = serializers.SerializerMethodField()

    def get_skipped(self, picked: Any) -> list[str]:
        """Why those above were not for one."""
        return [miss.words for miss in picked.skipped]


class TakeInput(rest.Input):
    """Past capacity or competence only with a coordinator's reason."""

    override_reason = serializers.CharField(max_length=200, required=False, allow_blank=True)


class AssignInput(TakeInput):
    """Who shall do it."""

    person = serializers.IntegerField(min_value=1, max_value=2**31 - 1, help_text="id")


class HandBackInput(rest.Input):
    """Why it goes back; not needed within two minutes of picking it."""

    reason = serializers.CharField(max_length=20, required=False, help_text="code of a reason in the settings")
    note_text = serializers.CharField(max_length=200, required=False, allow_blank=True)


class WaitInput(rest.Input):
    """What it waits for, perhaps until when."""

    reason = serializers.CharField(max_length=20, help_text="code of a reason in the settings")
    until = serializers.DateTimeField(required=False)


class SkipInput(rest.Input):
    """Why not."""

    reason = serializers.CharField(max_length=20, help_text="code of a reason in the settings")
    note_text = serializers.CharField(max_length=200, required=False, allow_blank=True)


class BoostInput(rest.Input):
    """Points up or down, why, until when."""

    points = serializers.IntegerField(min_value=-100, max_value=100)
    reason = serializers.CharField(max_length=200)
    expires_at = serializers.DateTimeField()


class NeedInput(rest.Input):
    """A competence at a level."""

    competence = serializers.SlugRelatedField(slug_field="code", queryset=competences_in_use())
    level = serializers.IntegerField(min_value=1, max_value=3, required=False, default=1)


class RouteInput(rest.Input):
    """What the work needs. What is not sent stays as it is; null means no team, or at once."""

    needs = serializers.ListField(child=NeedInput(), required=False, max_length=6)
    team = serializers.SlugRelatedField(slug_field="code", queryset=teams(), required=False, allow_null=True)
    size = serializers.ChoiceField(choices=list(SIZES), required=False, help_text="S 1 h, M 4 h, L 16 h")
    site = serializers.CharField(max_length=60, required=False, allow_blank=True)
    earliest_at = serializers.DateTimeField(required=False, allow_null=True)


def _route(item: WorkItem, **values: Any) -> None:
    needs, size = values.pop("needs", None), values.pop("size", "")
    work.route(
        item.record, task=item.task, is_team_set="team" in values, is_earliest_set="earliest_at" in values,
        needs=None if needs is None else [each["competence"].pk * 10 + each.get("level", 1) for each in needs],
        estimate_minutes=SIZES.get(size), **values,
    )  # fmt: skip


def _assign(item: WorkItem, **values: Any) -> object:
    return work.assign(item, person(values.pop("person")), **values)


def _verb(name: str, given: type[rest.Input], command: Callable[..., object], says: str) -> Any:
    def post(self: "Work", request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        values = rest.checked(given, request)

        def run(at: datetime) -> Response:
            item = work_item(self.actor, int(id))
            command(item, **values, actor=self.actor, at=at)
            return Response(WorkOutput(work_item(self.actor, item.pk)).data)

        return self.act(run)

    post.__name__, post.__doc__ = name, says
    described = extend_schema(operation_id=f"work_{name}", tags=["work"], request=given, responses=WorkOutput,
                              parameters=[WORK_ID])  # fmt: skip
    return described(action(detail=True, methods=["post"], url_path=name.replace("_", "-"),
                            url_name=name.replace("_", "-"))(post))  # fmt: skip


class Work(rest.ViewSet):
    """The queue: rows with their rank and why, pick next, and every verb."""

    access: ClassVar[Mapping[str, Access]] = {"list": READERS, "pick_next": PICK, "take": WORKERS, "start": WORKERS,
                                    "hand_back": WORKERS, "wait": WORKERS, "resume": WORKERS, "skip": PICK,
                                    "assign": ASSIGN, "route": ASSIGN, "boost": BOOST, "retrieve": READERS}  # fmt: skip
    scope_read, scope_write = "records:read", "work:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    serializer_class = WorkRowOutput

    @extend_schema(operation_id="work_list", tags=["work"], parameters=FILTERS,
                   responses=WorkRowOutput(many=True))  # fmt: skip
    def list(self, request: Request) -> Response:
        """Rows of a view (everything without one), in rank order, filtered as on the page."""
        held = competences_held(self.actor.id, at := timezone.now())
        reader = self._reader(request, held, at)
        wanted = request.query_params.get("view", "")
        view = View(wanted) if wanted in set(View) else View.EVERYTHING
        found, keys = of_view(self.actor, view, read_filter(request.query_params.dict(), held), reader)
        page = rest.paged(request, found, keys)
        return Response(envelope(request, WorkRowOutput(as_rows(page.rows, reader), many=True).data, page))

    def _reader(self, request: Request, held: Sequence[Held], at: datetime) -> Reader:
        needs = tuple(sorted(need for each in held for need in each.needs))
        return reader_of(self.actor, getattr(request.user, "location", ""), held, counts(self.actor, needs).load, at)

    @extend_schema(operation_id="work_read", tags=["work"], parameters=[WORK_ID], responses=WorkRowOutput)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """One work item with its rank and why."""
        held = competences_held(self.actor.id, at := timezone.now())
        row = row_of(self.actor, int(id), self._reader(request, held, at))
        return Response(WorkRowOutput(row).data)

    @extend_schema(operation_id="work_next", tags=["work"], request=None, responses=PickedOutput)
    @action(detail=False, methods=["post"], url_path="next", url_name="next")
    def pick_next(self, request: Request) -> Response:
        """The best work for this person, assigned and started; 409 `nothing_for_you` or `places_full` with why."""
        return self.act(lambda at: Response(PickedOutput(work.pick_next(actor=self.actor, at=at)).data))

    take = _verb("take", TakeInput, work.take, "Take this one and start.")
    start = _verb("start", rest.Nothing, work.start, "Begin what one was assigned.")
    hand_back = _verb("hand_back", HandBackInput, work.hand_back, "Back to the queue.")
    wait = _verb("wait", WaitInput, work.wait, "On hold with a reason.")
    resume = _verb("resume", rest.Nothing, work.resume, "Go on with what waited.")
    skip = _verb("skip", SkipInput, work.skip, "Pass it over for a day.")
    assign = _verb("assign", AssignInput, _assign, "Give it to somebody.")
    route = _verb("route", RouteInput, _route, "Say what it needs: competences, size, site, team, earliest time.")
    boost = _verb("boost", BoostInput, work.boost, "Lift or lower its rank for a time.")
