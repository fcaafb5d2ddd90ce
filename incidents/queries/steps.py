"""Which steps an incident offers to whom at this moment: the buttons of its page."""

from collections.abc import Callable
from dataclasses import dataclass

from coordination.models import WorkItem
from coordination.policies import can_assign as may_assign
from coordination.policies import can_pick
from incidents import policies
from incidents.models import Incident
from incidents.workflow import OPEN, WORKFLOW
from kernel.actor import Actor
from kernel.workflow import gettext_noop

Applies = Callable[[Incident, WorkItem | None, Actor], bool]


@dataclass(frozen=True, slots=True)
class Step:
    """A button. `asks` opens the step's small form, otherwise pressing it is all. `place` is head or more."""

    name: str
    label: str
    icon: str
    rule: policies.Rule
    applies: Applies
    key: str = ""
    asks: bool = True
    place: str = "more"


def _is_open(incident: Incident, _item: WorkItem | None, _actor: Actor) -> bool:
    return incident.record.state in OPEN


def _can_take(_incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id != actor.id and item.state != "waiting" and can_pick(actor, item)


def _can_start(_incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id == actor.id and item.state == "assigned"


def _can_give(_incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and may_assign(actor, item)


def _has(_incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id == actor.id


def _major(incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return incident.is_major and _is_open(incident, item, actor)


def _in(name: str) -> Applies:
    return lambda incident, _item, _actor: WORKFLOW.allows(name, incident.record.state)


def _anybody(_actor: Actor, _incident: Incident) -> bool:
    return True


STEPS: dict[str, Step] = {
    step.name: step
    for step in (
        Step("take", gettext_noop("Take it"), "take", _anybody, _can_take, key="i", asks=False, place="head"),
        Step("begin", gettext_noop("Start"), "take", _anybody, _can_start, key="i", asks=False, place="head"),
        Step("give", gettext_noop("Assign"), "assign", _anybody, _can_give, key="a", place="head"),
        Step("hold", gettext_noop("Hold"), "hold", policies.can_work, _in("hold"), key="h", place="head"),
        Step("resume", gettext_noop("Resume"), "take", policies.can_work, _in("resume"), key="h", asks=False,
             place="head"),
        Step("resolve", gettext_noop("Resolve"), "resolve", policies.can_work, _in("resolve"), key="r", place="head"),
        Step("close", gettext_noop("Close"), "check", policies.can_close, _in("close"), asks=False, place="head"),
        Step("reopen", gettext_noop("Reopen"), "undo", policies.can_reopen, _in("reopen"), place="head"),
        Step("prioritise", gettext_noop("Assess priority"), "flag", policies.can_edit, _is_open, key="p"),
        Step("escalate", gettext_noop("Escalate"), "up", policies.can_work, _is_open),
        Step("give_back", gettext_noop("Hand back"), "handback", _anybody, _has),
        Step("caller", gettext_noop("Add caller"), "user", policies.can_edit, _is_open),
        Step("update", gettext_noop("Update callers"), "message", policies.can_work, _is_open),
        Step("merge", gettext_noop("Same as another"), "merge", policies.can_edit, _in("merge")),
        Step("part", gettext_noop("Part of another"), "link", policies.can_edit, _is_open),
        Step("major", gettext_noop("Major incident"), "breach", policies.can_lead_major, _is_open),
        Step("stand_down", gettext_noop("No longer major"), "check", policies.can_lead_major, _major),
        Step("cancel", gettext_noop("Cancel"), "close", policies.can_work, _in("cancel")),
    )
}  # fmt: skip


def offered(actor: Actor, incident: Incident, item: WorkItem | None) -> list[Step]:
    """The steps that this person may take now, in order."""
    return [step for step in STEPS.values() if step.applies(incident, item, actor) and step.rule(actor, incident)]
