"""Which steps an incident offers to whom: the buttons of its page."""

from coordination.models import WorkItem
from incidents import policies
from incidents.models import Incident
from incidents.process import INCIDENTS
from kernel.actor import Actor
from kernel.workflow import gettext_noop
from processes.steps import BEGIN, GIVE, GIVE_BACK, TAKE, Step, allowed_in, table, while_open

_is_open = while_open(INCIDENTS)


def _emergency(incident: Incident, _item: WorkItem | None, _actor: Actor) -> bool:
    return incident.emergency_since is not None


def _no_emergency(incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return incident.emergency_since is None and _is_open(incident, item, actor)


def _major(incident: Incident, item: WorkItem | None, actor: Actor) -> bool:
    return incident.is_major and _is_open(incident, item, actor)


STEPS = table(
    TAKE, BEGIN, GIVE,
    Step("hold", gettext_noop("Hold"), "hold", policies.can_work, allowed_in(INCIDENTS, "hold"), key="h", place="head"),
    Step("resume", gettext_noop("Resume"), "take", policies.can_work, allowed_in(INCIDENTS, "resume"), key="h",
         asks=False, place="head"),
    Step("resolve", gettext_noop("Resolve"), "resolve", policies.can_work, allowed_in(INCIDENTS, "resolve"), key="r",
         place="head"),
    Step("close", gettext_noop("Close"), "check", policies.can_close, allowed_in(INCIDENTS, "close"), asks=False,
         place="head"),
    Step("reopen", gettext_noop("Reopen"), "undo", policies.can_reopen, allowed_in(INCIDENTS, "reopen"), place="head"),
    Step("prioritise", gettext_noop("Assess priority"), "flag", policies.can_edit, _is_open, key="p"),
    Step("escalate", gettext_noop("Escalate"), "up", policies.can_work, _is_open),
    GIVE_BACK,
    Step("caller", gettext_noop("Add caller"), "user", policies.can_edit, _is_open),
    Step("update", gettext_noop("Update callers"), "message", policies.can_work, _is_open),
    Step("merge", gettext_noop("Same as another"), "merge", policies.can_edit, allowed_in(INCIDENTS, "merge")),
    Step("part", gettext_noop("Part of another"), "link", policies.can_edit, _is_open),
    Step("major", gettext_noop("Major incident"), "breach", policies.can_lead_major, _is_open),
    Step("stand_down", gettext_noop("No longer major"), "check", policies.can_lead_major, _major),
    Step("emergency", gettext_noop("Start the emergency plan"), "breach", policies.can_work, _no_emergency),
    Step("emergency_over", gettext_noop("Back to normal"), "check", policies.can_work, _emergency, place="head"),
    Step("cancel", gettext_noop("Cancel"), "close", policies.can_work, allowed_in(INCIDENTS, "cancel")),
)  # fmt: skip
