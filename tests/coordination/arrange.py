"""Work in the queue, arranged through commands: records of a kind that no process reacts to."""

from datetime import datetime
from typing import Any

from accounts.models import Setting, Team, User
from accounts.queries import SYSTEM, actor_for, forget_settings
from coordination import commands as work
from coordination.models import Ranking, WorkItem
from coordination.queries.limits import LIMITS
from journal.models import Event
from journal.units import door
from kernel.actor import Actor
from kernel.workflow import Phase, State, Transition, Workflow
from records import commands as records
from records.models import Record
from registry.models import Component, ComponentType
from tests.factories import NOON, make_user
from workforce.models import Competence, PersonCompetence

FLOW = Workflow(
    kind="task", prefix="TSK", label="Task", initial="new",
    states=(State("new", "New", Phase.NEW), State("busy", "Busy", Phase.ACTIVE), State("over", "Over", Phase.DONE)),
    transitions=(
        Transition("start", "Start", frozenset({"new"}), "busy", "incident.work"),
        Transition("end", "End", frozenset({"new", "busy"}), "over", "incident.work"),
    ),
)  # fmt: skip


def offer(
    title: str = "Work", *, at: datetime = NOON, priority: int = 3, team: Team | None = None, **values: Any
) -> WorkItem:
    """A record with one queued work item."""
    opening = {key: values.pop(key) for key in ("component", "requester", "confidential_class") if key in values}
    with door(SYSTEM):
        record = records.open_record(
            FLOW, records.Opening(title=title, priority=priority, owner_team=team, **opening), actor=SYSTEM, at=at
        )
        return work.offer(record, task="do", team=team, actor=SYSTEM, at=at, **values)


def technician(*, team: Team | None = None, role: str = "technician", **fields: Any) -> tuple[User, Actor]:
    """A person who takes work, and the actor."""
    user = make_user(role, team=team, **fields)
    return user, actor_for(user)


def able(user: User, code: str, level: int = 1, **fields: Any) -> int:
    """The person holds a competence; returns what work that needs it at that level asks for."""
    competence, _made = Competence.objects.get_or_create(code=code, defaults={"name": {"en": code.title()}})
    PersonCompetence.objects.create(user=user, competence=competence, level=level, **fields)
    return competence.pk * 10 + level


def component(tag: str, **fields: Any) -> Component:
    """A component of a type of its own making."""
    kind, _made = ComponentType.objects.get_or_create(code="thing", defaults={"name": {"en": "Thing"}})
    return Component.objects.create(tag=tag, name=tag, type=kind, updated_at=NOON, **fields)


def again(work_item: WorkItem) -> WorkItem:
    """The work item as it stands in the database."""
    return WorkItem.objects.select_related("record", "assignee").get(pk=work_item.pk)


def codes(work_item: WorkItem) -> list[str]:
    """Event codes of the record, in order."""
    return list(
        Event.objects.filter(subject_id=work_item.record_id, subject_kind="task")
        .order_by("seq")
        .values_list("code", flat=True)
    )


def many(count: int, *, team: Team | None = None, minutes: int = 1, at: datetime = NOON) -> list[WorkItem]:
    """Queued work in bulk, for races and plans: the rows that `offer` would leave, without their events."""
    first = (Record.objects.order_by("-pk").values_list("pk", flat=True).first() or 0) + 1
    found = Record.objects.bulk_create(
        (Record(
            kind="task", number=f"TSK-B{first + number}", title=f"Work {number}", state="new", phase="new",
            priority=number % 4 + 1, opened_at=at, last_at=at, owner_team=team, audience=[team.pk] if team else [],
        )
        for number in range(count)), batch_size=500,
    )  # fmt: skip
    items = WorkItem.objects.bulk_create(
        (WorkItem(record=record, task="do", team=team, estimate_minutes=minutes, remaining_minutes=minutes,
                 offered_at=at, last_at=at)
        for record in found), batch_size=500,
    )  # fmt: skip
    Ranking.objects.bulk_create(
        Ranking(
            work_item=item, record=item.record, score=(5 - item.record.priority) * 100,
            parts=[{"name": "priority", "points": (5 - item.record.priority) * 100,
                    "facts": {"priority": item.record.priority}}],
        )
        for item in items
    )  # fmt: skip
    return items


def set_limits(**values: int) -> None:
    """Other limits than the defaults."""
    newest = Setting.objects.filter(key=LIMITS).count()
    Setting.objects.create(key=LIMITS, value=values, version=newest + 1, at=NOON)
    forget_settings()
