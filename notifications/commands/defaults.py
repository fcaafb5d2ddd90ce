"""Rules to begin with, so that nobody has to find out that nobody was told; all of them are settings."""

from datetime import datetime

from journal.units import command
from kernel.actor import Actor
from notifications.events import NOT_MAILED
from notifications.models import Rule

TO, LIST, MAIL = Rule.To, Rule.Channel.IN_APP, Rule.Channel.EMAIL


def rules_to_begin_with() -> list[Rule]:
    """Requesters by mail, staff in their list; managers and coordinators at once of a major incident."""
    return [
        Rule(code="record.opened", to=TO.REQUESTER, channel=MAIL),
        Rule(code="record.commented", to=TO.REQUESTER, channel=MAIL),
        Rule(code="record.commented", to=TO.CALLERS, channel=MAIL),
        Rule(code="incident.resolve", to=TO.REQUESTER, channel=MAIL),
        Rule(code="incident.resolve", to=TO.CALLERS, channel=MAIL),
        Rule(code="record.commented", to=TO.CONTACT_OWNER, channel=LIST),
        Rule(code="record.commented", to=TO.ASSIGNEE, channel=LIST),
        Rule(code="record.commented", to=TO.WATCHERS, channel=LIST),
        Rule(code="work.assigned", to=TO.ASSIGNEE, channel=LIST),
        Rule(code="incident.reopen", to=TO.CONTACT_OWNER, channel=LIST),
        Rule(code="incident.reopen", to=TO.ASSIGNEE, channel=LIST),
        Rule(code=NOT_MAILED, to=TO.CONTACT_OWNER, channel=LIST),
        Rule(code="incident.major_declared", to=TO.ROLE, role="manager", channel=LIST, is_urgent=True),
        Rule(code="incident.major_declared", to=TO.ROLE, role="coordinator", channel=LIST, is_urgent=True),
        Rule(code="sla.breached", to=TO.CONTACT_OWNER, channel=LIST, priority_at_most=2, is_urgent=True),
    ]


@command
def apply_defaults(*, actor: Actor, at: datetime) -> bool:
    """Make the rules to begin with, unless there were ever any; returns whether it made them."""
    if Rule.objects.exists():
        return False
    for rule in rules_to_begin_with():
        rule.save()
    return True
