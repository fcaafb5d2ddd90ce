"""Ask a colleague to do work together, and answer (UX 3.6)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from coordination import commands as work
from coordination.queries.pairs import open_ask
from coordination.queries.work import person, work_item
from journal.units import door
from kernel.errors import Unprocessable
from kernel.pages import go, toast


@allowed(Permission.WORK_PICK)
@require_POST
def pair(request: ActorRequest, pk: int) -> HttpResponse:
    """Ask; the colleague hears of it and answers on the page of the work item, or on Mine."""
    item, chosen = work_item(request.actor, pk), request.POST.get("person", "")
    if not chosen.isdecimal() or len(chosen) > 9:
        message = _("Choose whom to ask.")
        raise Unprocessable(message, fields={"person": [message]})
    with door(request.actor) as at:
        ask = work.ask_pair(item, person(int(chosen)), note_text=request.POST.get("note", ""), actor=request.actor,
                            at=at)  # fmt: skip
    toast(request, _("%(name)s is asked to do it together with you.") % {"name": ask.colleague.name})
    return go(request, reverse("coordination:work", args=[pk]))


@allowed(Permission.WORK_PICK)
@require_POST
def answer_pair(request: ActorRequest, pk: int, ask: int) -> HttpResponse:
    """Yes or no."""
    item = work_item(request.actor, pk)
    accept = request.POST.get("answer") == "accept"
    with door(request.actor) as at:
        work.answer_pair(open_ask(item, ask), accept=accept, actor=request.actor, at=at)
    number = {"number": item.record.number}
    toast(request, (_("You do %(number)s together.") if accept else _("You do not do %(number)s together.")) % number)
    return go(request, reverse("coordination:work", args=[pk]))
