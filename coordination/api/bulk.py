"""One verb for many rows of the queue: each in a transaction of its own, with a result of its own."""

from collections.abc import Callable
from datetime import datetime
from typing import TYPE_CHECKING, Any

from drf_spectacular.utils import extend_schema
from rest_framework.decorators import action
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from coordination.api.shapes import AssignInput, TakeInput, WaitInput
from coordination.models import WorkItem
from coordination.queries.rows import matching
from coordination.queries.work import work_item
from kernel.bulk import MOST
from kernel.errors import NotFound
from records.models import Undo

if TYPE_CHECKING:
    from coordination.api.work import Work

SAYS = {"take": "Take many and start.", "assign": "Give many to somebody.", "wait": "Put many on hold."}
GIVEN: dict[str, type[rest.Input]] = {"take": TakeInput, "assign": AssignInput, "wait": WaitInput}


def _matching(view: "Work") -> list[str]:
    """Ids of what the filters of the address match, in rank order; one more than go at once."""
    asked = view.asked()
    return [str(pk) for pk in matching(view.actor, asked.view, asked.chosen, asked.reader, MOST + 1)]


def _found(view: "Work", row: str) -> WorkItem:
    if not row.isdecimal() or len(row) > 9:
        raise NotFound("No such work item.")
    return work_item(view.actor, int(row))


def verb(name: str, command: Callable[..., object]) -> Any:
    """The address of one verb."""

    def post(self: "Work", request: Request) -> Response:
        chosen, left = rest.rows_chosen(request)
        given = GIVEN[name](data=left)
        given.is_valid(raise_exception=True)

        def one(row: str, at: datetime) -> int | None:
            made = command(_found(self, row), **given.validated_data, actor=self.actor, at=at)
            return made.pk if isinstance(made, Undo) else None

        return rest.each(request, chosen or _matching(self), one, actor=self.actor)

    post.__name__, post.__doc__ = f"bulk_{name}", f"{SAYS[name]} {rest.BULK_SAYS}"
    described = extend_schema(
        operation_id=f"work_bulk_{name}", tags=["work"], request=rest.bulk_input(GIVEN[name]), responses=rest.BulkOut
    )
    return described(action(detail=False, methods=["post"], url_path=f"bulk/{name}", url_name=f"bulk-{name}")(post))
