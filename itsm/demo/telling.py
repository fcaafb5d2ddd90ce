"""The verbs of a story: what people do with an incident and its work, and the incident's part in it."""

from datetime import datetime, timedelta
from typing import Any

from coordination import events as work_events
from coordination.models import WorkItem
from coordination.queries.limits import limits
from coordination.workflow import SIZES
from incidents import events as incident_events
from incidents.models import Incident
from incidents.queries import rules as incident_rules
from incidents.workflow import ASSIGNED, IN_PROGRESS, NEW, PENDING, TASK
from itsm.demo.tale import Tale
from records import events as record_events

State = WorkItem.State


class Telling(Tale):
    """A tale whose verbs are those of commands."""

    work_item: WorkItem

    def tell(self, number: str, until: datetime) -> None:
        """The whole story, and what comes due after it."""
        self.open(number)
        if self.story.fixed is None:
            opening = self.story.opening
            self.offer(opening.estimate_minutes or (opening.category.estimate_minutes if opening.category else None))
        else:
            cause, resolution = self.story.fixed
            self._resolved(cause, resolution, tell_callers=False, is_desk=True)
        for act in self.story.acts:
            self.sweep_until(act.at)
            self.by, self.at = act.by, act.at
            getattr(self, act.verb)(**act.facts)
            self.follow_up()
        self.sweep_until(until)

    # ------------------------------------------------------------------------------------------ the work item

    def offer(self, estimate_minutes: int | None) -> None:
        """Work for the queue."""
        needs, team = self.known.needs_of(self.record.component_id), self.record.owner_team
        minutes = estimate_minutes or SIZES["S"]
        self.work_item = WorkItem(
            pk=self.rows.id_of(WorkItem), record=self.record, task=TASK, team=team, needs=needs,
            estimate_minutes=minutes, remaining_minutes=minutes, is_routed=team is not None, offered_at=self.at,
            last_at=self.at,
        )  # fmt: skip
        self.insert(self.work_item)
        if team is not None:
            self.see(team.pk)
        self.note_work(work_events.OFFERED, team=self.work_item.team_id, needs=needs, is_routed=team is not None)

    def change(self, **values: Any) -> None:
        """Other columns of the work item."""
        self.put(self.work_item, last_at=self.at, **values)

    def note_work(self, code: str, **data: Any) -> None:
        """One event of the work."""
        item = self.work_item
        self.note(code, task=item.task, work_item=item.pk, user=item.assignee_id, **data)

    def _hand_over(self, person: int, state: str, **values: Any) -> None:
        self.change(state=state, assignee_id=person, top_at=self.at, picked_at=self.at, waiting_reason="",
                    waiting_until=None, parked_by=None, **values)  # fmt: skip
        self.see(-person)

    def _name(self) -> str:
        held_by = self.work_item.assignee_id
        return self.known.people[held_by].name if held_by is not None else ""

    # ------------------------------------------------------------------------------------------ verbs of the queue

    def take(self) -> None:
        """Take the work, or start what one was given."""
        if self.work_item.assignee_id == self.by.id:
            self.change(state=State.IN_PROGRESS, started_at=self.work_item.started_at or self.at, top_at=self.at)
        else:
            self._hand_over(self.by.id, State.IN_PROGRESS, started_at=self.at)
        self.note_work(work_events.PICKED, name=self._name())
        if self.record.state in (NEW, ASSIGNED):
            self.move("start")
            self.respond()
        elif self.record.state == PENDING:
            self.resume()

    def assign(self, user: int) -> None:
        """Give the work to somebody."""
        before = self.work_item.assignee_id
        self._hand_over(user, State.ASSIGNED, is_routed=True)
        self.note_work(work_events.ASSIGNED, before=before, name=self._name())
        if self.record.state == NEW:
            self.move("assign")

    def hand_back(self, reason: str, note_text: str = "") -> None:
        """Back to the queue."""
        before, name, picked = self.work_item.assignee_id, self._name(), self.work_item.picked_at
        is_free = picked is not None and self.at - picked <= timedelta(seconds=limits().free_release_seconds)
        self.change(state=State.QUEUED, assignee_id=None, picked_at=None, top_at=None, waiting_reason="",
                    waiting_until=None, parked_by=None)  # fmt: skip
        self.note_work(work_events.RELEASED, before=before, name=name, reason=reason, note=note_text.strip()[:200],
                       is_free=is_free)  # fmt: skip
        if self.record.state in (IN_PROGRESS, PENDING):
            self.move("release")

    # ------------------------------------------------------------------------------------------ words

    def reply(self, body: str, lang: str = "") -> None:
        """Staff answers the caller."""
        self.comment(body, is_public=True, lang=lang)

    def write(self, body: str, lang: str = "") -> None:
        """An internal note."""
        self.comment(body, is_public=False, lang=lang)

    # ------------------------------------------------------------------------------------------ verbs of the incident

    def hold(self, reason: str) -> None:
        """Wait, and the work with it."""
        self.move("hold", reason=reason)
        self.change(state=State.WAITING, waiting_reason=reason, waiting_until=None)
        self.note_work(work_events.WAITING, reason=reason, until=None)

    def resume(self) -> None:
        """Go on."""
        self.move("resume")
        self.respond()
        is_queued = self.work_item.assignee_id is None
        self.change(state=State.QUEUED if is_queued else State.IN_PROGRESS, waiting_reason="", waiting_until=None,
                    parked_by=None, top_at=self.at,
                    started_at=self.work_item.started_at or (None if is_queued else self.at))  # fmt: skip
        self.note_work(work_events.RESUMED)

    def set_priority(self, impact: int, urgency: int) -> None:
        """Assess again."""
        before, after = self.record.priority, self.known.matrix[impact, urgency]
        self.put(self.incident, impact=impact, urgency=urgency, is_priority_overridden=False, priority_reason="")
        why = incident_rules.priority_words(impact, urgency)
        if before != after:
            self.put(self.record, priority=after, version=self.record.version + 1)
            change = {"before": {"priority": before}, "after": {"priority": after},
                      "words": {"priority": [str(before), str(after)]}}  # fmt: skip
            self.note(record_events.RETARGETED, reason=why, **change)
        self.note(incident_events.PRIORITISED, before=before, after=after, impact=impact, urgency=urgency, reason=why)

    def resolve(self, cause: str, resolution: str, *, tell_callers: bool = True) -> None:
        """Service is restored; the work ends."""
        self._resolved(cause, resolution, tell_callers=tell_callers)
        by = self.work_item.assignee_id or (self.by.id if self.by.kind == "person" else None)
        self._end(State.DONE, by, work_events.FINISHED)

    def _resolved(self, cause: str, resolution: str, *, tell_callers: bool, is_desk: bool | None = None) -> None:
        at_desk = self.incident.line == Incident.Line.DESK and self.by.kind == "person"
        self.put(
            self.incident, cause=cause, resolution=resolution, resolved_at=self.at, resolved_by_id=self.by.id or None,
            resolved_at_desk=at_desk if is_desk is None else is_desk,
            closes_at=self.known.closes_at(self.record, self.at), next_update_at=None, remind_update_at=None,
        )  # fmt: skip
        self.respond()
        self.move("resolve", cause=cause, tell_callers=tell_callers)
        if tell_callers:
            self.comment(resolution, is_public=True)

    def _end(self, state: str, by: int | None, code: str) -> None:
        self.change(state=state, assignee_id=by, finished_at=self.at, remaining_minutes=0, waiting_reason="",
                    waiting_until=None, parked_by=None)  # fmt: skip
        self.note_work(code)

    def close(self) -> None:
        """Confirmed, or nobody objected."""
        self.move("close", is_automatic=self.by.is_system)
        self.put(self.incident, closes_at=None)

    def reopen(self, reason: str) -> None:
        """Not solved after all."""
        self.move("reopen", reason=reason)
        self.put(self.incident, resolved_at=None, resolved_by_id=None, closes_at=None, resolved_at_desk=False,
                 reopen_count=self.incident.reopen_count + 1)  # fmt: skip
        self.offer(None)

    def cancel(self, reason: str) -> None:
        """No longer wanted."""
        self.move("cancel", reason=reason)
        self._end(State.CANCELLED, self.work_item.assignee_id, work_events.CANCELLED)
