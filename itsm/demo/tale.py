"""Tell a story into rows. Each verb here leaves what the command of the same name leaves: tests/demo holds them to it.

What things mean comes from the rooms themselves: states from the workflow, clocks from the ledger's own book, chains
from the journal. Only the order of writing is told again here, because commands write as they go.
"""

import json
from collections.abc import Mapping
from datetime import datetime, timedelta
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db.models import Model

from accounts.queries import SYSTEM
from coordination import events as work_events
from coordination.models import Boost, WorkItem
from coordination.reactions import BOOST_HOURS, BOOST_POINTS
from incidents.models import Incident
from incidents.workflow import WORKFLOW
from itsm.demo.chains import line_after
from itsm.demo.clocks import LAG_SECONDS, KeptBook
from itsm.demo.known import Known
from itsm.demo.rows import Rows, Version
from itsm.demo.story import Story
from kernel.actor import Actor
from kernel.workflow import Phase
from records import events as record_events
from records.models import Comment, Record
from sla import events as sla_events


class Tale:
    """One story being told: rows as they stand, and who acts when."""

    def __init__(self, story: Story, known: Known, rows: Rows) -> None:
        self.story, self.known, self.rows = story, known, rows
        self.by, self.at = story.by, story.at
        self.versions: dict[int, Version] = {}
        self.boosts: list[dict[str, Any]] = []

    # ------------------------------------------------------------------------------------------ writing

    def insert(self, row: Model, *, is_audited: bool = True) -> None:
        """A new row."""
        self.rows.add(row)
        if is_audited:
            self.versions[id(row)] = version = self.rows.version_of(row)
            self.rows.audit(row, version, "insert", by=self.by, at=self.at)

    def put(self, row: Model, **values: Any) -> None:
        """Change columns; the audit keeps a version when one that it follows is different now."""
        for name, value in values.items():
            setattr(row, name, value)
        version = self.rows.version_of(row)
        if version != self.versions[id(row)]:
            self.versions[id(row)] = version
            self.rows.audit(row, version, "update", by=self.by, at=self.at)

    def note(self, code: str, **data: Any) -> None:
        """One event on the record, and the clocks' reaction to it."""
        record = self.record
        plain = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
        head = (record.event_seq, bytes(record.event_mac))
        line = line_after(head, (record.kind, record.pk), code, actor=self.by, at=self.at, data=plain)
        self.rows.lines.append(line)
        record.event_seq, record.event_mac, record.last_at = line.seq, line.mac, self.at
        if code in (record_events.OPENED, record_events.PHASE_CHANGED, record_events.RESPONDED,
                    record_events.RETARGETED):  # fmt: skip
            self.book.react(code, plain, actor=self.by, at=self.at)
        elif code == sla_events.STEP_FIRED and plain["action"] == "boost":
            self.boosts.append({**plain, "at": self.at})

    def _told_by_clocks(self, _record: Record, code: str, *, actor: Actor, at: datetime, **data: Any) -> None:
        self.by, self.at = actor, at
        self.note(code, **data)

    def see(self, *audience: int) -> None:
        """Teams, and people negated, see the record from now on."""
        self.record.audience = sorted({*self.record.audience, *audience})

    # ------------------------------------------------------------------------------------------ the record

    def open(self, number: str) -> None:
        """A new record with its first event."""
        story, opening = self.story, self.story.opening
        state, team = WORKFLOW.state(WORKFLOW.initial), opening.owner_team
        owner = self._contact_owner()
        people = {-person for person in (opening.caller.pk if opening.caller else None, owner) if person}
        self.record = Record(
            pk=self.rows.id_of(Record), kind=WORKFLOW.kind, number=number, title=opening.title,
            description=opening.description, lang=opening.lang or story.by.language, state=state.code,
            phase=state.phase, priority=self.known.matrix[opening.impact, opening.urgency], requester=opening.caller,
            owner_team=team, contact_owner_id=owner, service=opening.service, component=opening.component,
            category=opening.category, opened_at=story.at, last_at=story.at,
            audience=sorted({*people, *([team.pk] if team else [])}),
        )  # fmt: skip
        self.book = KeptBook(self.record, self.known.promises, self.rows, self._told_by_clocks)
        self.insert(self.record)
        self.note(record_events.OPENED, state=state.code, priority=self.record.priority)
        self.incident = Incident(
            record=self.record, impact=opening.impact, urgency=opening.urgency, channel=opening.channel,
            line=Incident.Line.DESK if team is None or team.is_desk else Incident.Line.OPERATIONS,
            caller_count=int(opening.caller is not None),
        )  # fmt: skip
        self.insert(self.incident)
        if story.by.kind == "integration":
            self.see(-story.by.id)

    def _contact_owner(self) -> int | None:
        by, caller = self.story.by, self.story.opening.caller
        return by.id if by.kind == "person" and caller is not None and caller.pk != by.id else None

    def move(self, name: str, *, reason: str = "", **data: Any) -> None:
        """Another state, its event, and the phase's when that changed."""
        record, step = self.record, WORKFLOW.transition(name)
        if record.state not in step.sources:
            raise ValueError(f"a story cannot {name} from {record.state}")
        old, before = record.state, (record.phase, record.waiting_reason)
        target = WORKFLOW.state(step.target)
        closed_at = (record.closed_at or self.at) if target.phase == Phase.DONE else None
        waits = reason if target.phase == Phase.WAITING else ""
        self.put(record, state=target.code, phase=target.phase.value, closed_at=closed_at, waiting_reason=waits,
                 version=record.version + 1)  # fmt: skip
        self.note(f"{record.kind}.{name}", old=old, new=target.code, reason=reason, **data)
        if before != (record.phase, record.waiting_reason):
            waited = {"waited": before[1]} if before[1] else {}
            self.note(record_events.PHASE_CHANGED, old=before[0], new=record.phase, reason=reason, **waited)

    def respond(self) -> None:
        """The first response, once."""
        if self.record.responded_at is None:
            self.record.responded_at = self.at
            self.note(record_events.RESPONDED)

    def comment(self, body: str, *, is_public: bool, channel: str = "web", lang: str = "") -> None:
        """Words on the record."""
        words = Comment(
            pk=self.rows.id_of(Comment), record=self.record, author_id=self.by.id or None, body=body.strip(),
            lang=lang or self.by.language, is_public=is_public, channel=channel, at=self.at,
        )  # fmt: skip
        self.insert(words, is_audited=False)
        self.note(record_events.COMMENTED, comment=words.pk, is_public=is_public, channel=channel)
        if is_public and self.known.is_answer(self.by, self.record):
            self.respond()

    # ------------------------------------------------------------------------------------------ time

    def sweep_until(self, at: datetime) -> None:
        """Fire what comes due before an instant, as sweeps would, a little late."""
        while (due := self.book.next_due()) is not None:
            moment = max(due + timedelta(seconds=LAG_SECONDS), self.record.last_at)
            if moment > at:
                return
            self.by, self.at = SYSTEM, moment
            if not self.book.fire(moment, actor=SYSTEM):
                return
            self.follow_up()

    def follow_up(self) -> None:
        """What listens to escalation steps after the commit: the queue lifts the work."""
        boosts, self.boosts = self.boosts, []
        work_item = getattr(self, "work_item", None)
        for fact in boosts:
            if work_item is not None and work_item.finished_at is None:
                self._boost(work_item, fact)

    def _boost(self, work_item: WorkItem, fact: Mapping[str, Any]) -> None:
        self.by, self.at = SYSTEM, max(fact["at"], self.record.last_at)
        config = fact["config"]
        row = Boost(
            pk=self.rows.id_of(Boost), work_item=work_item, points=config.get("points", BOOST_POINTS),
            reason=config.get("reason", "SLA"), source=f"deadline:{fact['deadline_id']}", at=self.at,
            expires_at=fact["at"] + timedelta(hours=config.get("hours", BOOST_HOURS)),
        )  # fmt: skip
        self.insert(row)
        self.note_work(work_events.BOOSTED, points=row.points, reason=row.reason, expires_at=row.expires_at)

    def note_work(self, code: str, **data: Any) -> None:
        """One event of the work; the subclass has the work item."""
        raise NotImplementedError
