"""/api/v1/work/: the one queue, with the same commands and the same permissions as the pages."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, ClassVar

from django.utils import timezone
from drf_spectacular.utils import OpenApiParameter, extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.rest.paging import envelope
from accounts.roles import Permission
from coordination import commands as work
from coordination.api import bulk
from coordination.api.shapes import (
    AnswerInput,
    AskOutput,
    AssignInput,
    BoostInput,
    ColleagueOut,
    HandBackInput,
    PairInput,
    PickedOutput,
    RouteInput,
    SkipInput,
    TakeInput,
    WaitInput,
    WorkOutput,
    WorkRowOutput,
)
from coordination.filters import read_filter
from coordination.models import WorkItem
from coordination.queries.counts import counts
from coordination.queries.explain import colleagues
from coordination.queries.filtering import WorkFilter
from coordination.queries.pairs import asks_about, open_ask
from coordination.queries.rows import Reader, View, as_rows, of_view, reader_of, row_of
from coordination.queries.work import person, work_item
from coordination.workflow import SIZES
from workforce.queries import Held, competences_held

READERS = Access(Who.ALLOWED, (Permission.WORK_PICK, Permission.WORK_ASSIGN, Permission.RECORD_SEE_ALL))
WORKERS = Access(Who.ALLOWED, (Permission.WORK_PICK, Permission.WORK_ASSIGN))
PICK, ASSIGN = Access(Who.ALLOWED, (Permission.WORK_PICK,)), Access(Who.ALLOWED, (Permission.WORK_ASSIGN,))
BOOST = Access(Who.ALLOWED, (Permission.WORK_BOOST,))
WORK_ID = OpenApiParameter("id", int, OpenApiParameter.PATH)
FILTERS = [OpenApiParameter("view", str, enum=[view.value for view in View]),
           *(OpenApiParameter(name, str) for name in ("q", "priority", "sla", "competence", "team", "site",
                                                      "component"))]  # fmt: skip


def _route(item: WorkItem, **values: Any) -> None:
    needs, size = values.pop("needs", None), values.pop("size", "")
    work.route(
        item.record, task=item.task, is_team_set="team" in values, is_earliest_set="earliest_at" in values,
        needs=None if needs is None else [each["competence"].pk * 10 + each.get("level", 1) for each in needs],
        estimate_minutes=SIZES.get(size), **values,
    )  # fmt: skip


def _assign(item: WorkItem, **values: Any) -> object:
    return work.assign(item, person(values.pop("person")), **values)


def _ask(item: WorkItem, **values: Any) -> object:
    return work.ask_pair(item, person(values.pop("person")), **values)


def _answer(item: WorkItem, **values: Any) -> object:
    return work.answer_pair(open_ask(item, values.pop("ask")), **values)


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


@dataclass(frozen=True, slots=True)
class Asked:
    """What the address asks of the queue."""

    view: View
    chosen: WorkFilter
    reader: Reader


class Work(rest.ViewSet):
    """The queue: rows with their rank and why, pick next, and every verb."""

    access: ClassVar[Mapping[str, Access]] = {"list": READERS, "pick_next": PICK, "take": WORKERS, "start": WORKERS,
                                    "hand_back": WORKERS, "wait": WORKERS, "resume": WORKERS, "skip": PICK,
                                    "assign": ASSIGN, "route": ASSIGN, "boost": BOOST, "retrieve": READERS,
                                    "colleagues": ASSIGN,
                                    "bulk_take": WORKERS, "bulk_assign": WORKERS, "bulk_wait": WORKERS,
                                    "pairs": READERS, "pair": PICK, "answer_pair": PICK}  # fmt: skip
    scope_read, scope_write = "records:read", "work:write"
    lookup_field = lookup_url_kwarg = "id"
    lookup_value_regex = "[0-9]{1,9}"
    serializer_class = WorkRowOutput

    bulk_take = bulk.verb("take", work.take)
    bulk_assign = bulk.verb("assign", _assign)
    bulk_wait = bulk.verb("wait", work.wait)

    @extend_schema(operation_id="work_list", tags=["work"], parameters=FILTERS,
                   responses=WorkRowOutput(many=True))  # fmt: skip
    def list(self, request: Request) -> Response:
        """Rows of a view (everything without one), in rank order, filtered as on the page."""
        asked = self.asked()
        found, keys = of_view(self.actor, asked.view, asked.chosen, asked.reader)
        page = rest.paged(request, found, keys)
        return Response(envelope(request, WorkRowOutput(as_rows(page.rows, asked.reader), many=True).data, page))

    def asked(self) -> Asked:
        """What the address asks for: view, filter, and who reads it."""
        query = self.request.query_params.dict()
        held = competences_held(self.actor.id, at := timezone.now())
        wanted = query.get("view", "")
        view = View(wanted) if wanted in set(View) else View.EVERYTHING
        return Asked(view, read_filter(query, held), self._reader(held, at))

    def _reader(self, held: Sequence[Held], at: datetime) -> Reader:
        needs = tuple(sorted(need for each in held for need in each.needs))
        place = getattr(self.request.user, "location", "")
        return reader_of(self.actor, place, held, counts(self.actor, needs).load, at)

    @extend_schema(operation_id="work_read", tags=["work"], parameters=[WORK_ID], responses=WorkRowOutput)
    def retrieve(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """One work item with its rank and why."""
        held = competences_held(self.actor.id, at := timezone.now())
        row = row_of(self.actor, int(id), self._reader(held, at))
        return Response(WorkRowOutput(row).data)

    @extend_schema(
        operation_id="work_colleagues", tags=["work"], parameters=[WORK_ID], responses=ColleagueOut(many=True)
    )
    @action(detail=True, methods=["get"], url_path="colleagues", url_name="colleagues")
    def colleagues(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Who could do it, those who fit first: what they hold, the hours they have left, what they lack."""
        rows = colleagues([work_item(self.actor, int(id))], timezone.now())
        sees_hours = self.actor.may_somewhere(Permission.CAPACITY_READ)
        return rest.listed(request, rows, ColleagueOut, sees_hours=sees_hours)

    @extend_schema(operation_id="work_next", tags=["work"], request=None, responses=PickedOutput)
    @action(detail=False, methods=["post"], url_path="next", url_name="next")
    def pick_next(self, request: Request) -> Response:
        """The best work for this person, assigned and started; 409 `nothing_for_you` or `places_full` with why."""
        return self.act(lambda at: Response(PickedOutput(work.pick_next(actor=self.actor, at=at)).data))

    @extend_schema(operation_id="work_pairs", tags=["work"], parameters=[WORK_ID], responses=AskOutput(many=True))
    @action(detail=True, methods=["get"], url_path="pairs", url_name="pairs")
    def pairs(self, request: Request, id: str) -> Response:  # noqa: A002  # the name in the address
        """Who was asked to do it together with whom, newest first."""
        return rest.listed(request, asks_about(work_item(self.actor, int(id))), AskOutput)

    pair = _verb("pair", PairInput, _ask, "Ask a colleague to do it together.")
    answer_pair = _verb("answer_pair", AnswerInput, _answer, "Answer an ask to do it together.")
    take = _verb("take", TakeInput, work.take, "Take this one and start.")
    start = _verb("start", rest.Nothing, work.start, "Begin what one was assigned.")
    hand_back = _verb("hand_back", HandBackInput, work.hand_back, "Back to the queue.")
    wait = _verb("wait", WaitInput, work.wait, "On hold with a reason.")
    resume = _verb("resume", rest.Nothing, work.resume, "Go on with what waited.")
    skip = _verb("skip", SkipInput, work.skip, "Pass it over for a day.")
    assign = _verb("assign", AssignInput, _assign, "Give it to somebody.")
    route = _verb("route", RouteInput, _route, "Say what it needs: competences, size, site, team, earliest time.")
    boost = _verb("boost", BoostInput, work.boost, "Lift or lower its rank for a time.")
