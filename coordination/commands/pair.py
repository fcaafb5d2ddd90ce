"""Ask a colleague to do work together: the ask, the answer, and the second person on the work item (UX 3.6)."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import User
from coordination import events, policies
from coordination.commands.change import QUEUE, change, lock_work, require_state
from coordination.models import PairAsk, WorkItem
from coordination.queries.pairs import partners
from coordination.workflow import UNASSIGNED, WITH_SOMEBODY
from journal import live
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, NotAllowed, Unprocessable
from records import commands as records


@command
def ask_pair(work_item: WorkItem, colleague: User, *, actor: Actor, at: datetime, note_text: str = "") -> PairAsk:
    """Ask somebody to do together what waits in the queue, or what one has; asking twice changes nothing.

    Unprocessable for somebody who does not fit (`queries.pairs.partners`).
    """
    at = lock_work(work_item, at=at)
    policies.require(policies.can_pick, actor, work_item, _("Your role does not take work from the queue."))
    if work_item.assignee_id != actor.id:
        require_state(work_item, *UNASSIGNED)
    else:
        require_state(work_item, *WITH_SOMEBODY)
    if colleague.pk not in {each.id for each in partners(work_item, actor.id, at)}:
        message = _("Choose a colleague who holds what is missing, and who works with this record.")
        raise Unprocessable(message, fields={"person": [message]})
    found = PairAsk.objects.filter(work_item=work_item, asker=actor.id, colleague=colleague, answer="").first()
    if found is not None:
        return found
    ask = PairAsk.objects.create(work_item=work_item, asker_id=actor.id, colleague=colleague, asked_at=at,
                                 note=note_text.strip()[:200])  # fmt: skip
    _note(ask, events.PAIR_ASKED, told=colleague.pk, actor=actor, at=at)
    return ask


@command
def answer_pair(ask: PairAsk, *, accept: bool, actor: Actor, at: datetime) -> None:
    """The colleague says yes or no. A yes makes them the second person, now or once the asker takes the work.

    A no after a yes takes them away again. Conflict (409) when it was answered, or the work has gone to others.
    """
    at = lock_work(ask.work_item, at=at)
    if ask.colleague_id != actor.id:
        raise NotAllowed(_("Only the person who was asked can answer."))
    work_item = ask.work_item
    is_theirs = work_item.assignee_id == ask.asker_id and work_item.state in WITH_SOMEBODY
    if not (is_theirs or work_item.state in UNASSIGNED):
        raise Conflict(_("The work on %(number)s has gone on without you.") % {"number": work_item.record.number},
                       code="pair_over")  # fmt: skip
    answer = PairAsk.Answer.ACCEPTED if accept else PairAsk.Answer.DECLINED
    before = [PairAsk.Answer.OPEN] if accept else [PairAsk.Answer.OPEN, PairAsk.Answer.ACCEPTED]
    if not PairAsk.objects.filter(pk=ask.pk, answer__in=before).update(answer=answer, answered_at=at):
        raise Conflict(_("This was answered already."), code="pair_answered")
    if is_theirs and (accept or work_item.second_id == actor.id):
        change(work_item, at=at, second_id=actor.id if accept else None)
    _note(ask, events.PAIR_ACCEPTED if accept else events.PAIR_DECLINED, told=ask.asker_id, actor=actor, at=at)


def _note(ask: PairAsk, code: str, *, told: int, actor: Actor, at: datetime) -> None:
    live.bump(QUEUE)
    work_item = ask.work_item
    records.note(
        work_item.record, code, actor=actor, at=at, task=work_item.task, work_item=work_item.pk, user=told, ask=ask.pk,
        asker=ask.asker.name, colleague=ask.colleague.name, note=ask.note,
    )  # fmt: skip
