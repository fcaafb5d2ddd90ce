"""The board, and what is mine: the same work in columns and for one person."""

from django.http import HttpResponse
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from coordination.forms import release_reasons, wait_reasons
from coordination.queries.board import board_columns
from coordination.queries.limits import limits
from coordination.queries.pairs import together
from coordination.queries.rows import as_rows
from coordination.queries.work import of_person
from coordination.views.queue import READERS, asked, tabs
from kernel.pages import respond
from records.queries import drafts


@allowed(*READERS)
@require_safe
def board(request: ActorRequest) -> HttpResponse:
    """Unrouted, ready, in progress, waiting, review; cards in rank order, moved by buttons."""
    at = timezone.now()
    what = asked(request, at)
    context = {
        "area": "queue", "columns": board_columns(request.actor, what.chosen, what.reader, what.counts),
        "tabs": tabs(None, what.counts), "counts": what.counts, "limit": limits().work_in_progress,
        "can_pick": request.actor.may_somewhere(Permission.WORK_PICK), "board_url": request.get_full_path(),
        "can_assign": request.actor.may_somewhere(Permission.WORK_ASSIGN), "me": request.actor.id,
        "can_see_hours": request.actor.may_somewhere(Permission.CAPACITY_READ),
    }  # fmt: skip
    return respond(request, "coordination/board.html", "coordination/_board.html", context)


@allowed(Permission.WORK_PICK)
@require_safe
def mine(request: ActorRequest) -> HttpResponse:
    """What I have: in progress first, what came to my top last above, then what waits; then unsent drafts."""
    what = asked(request, timezone.now())
    found = list(of_person(request.actor.id)[:200])
    context = {
        "area": "mine", "rows": list(as_rows(found, what.reader)), "counts": what.counts,
        "limit": limits().work_in_progress, "release_reasons": release_reasons(),
        "wait_reasons": wait_reasons(), "drafts": drafts(request.actor),
        "asks": list(together(request.actor)[:50]), "me": request.actor.id,
    }  # fmt: skip
    return respond(request, "coordination/mine.html", "coordination/_mine.html", context)
