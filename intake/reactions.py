"""What intake does when incidents end: always after commit, because alert groups are locked before records."""

from accounts.queries import SYSTEM
from intake import commands, queries
from kernel.reactions import Fact, on


@on("incident.resolve", "incident.cancel", "incident.close")
def let_go_of_alerts(fact: Fact) -> None:
    """The same alert later opens or reopens by the source's rule."""
    if queries.is_over(fact.subject_id):
        commands.let_go(fact.subject_id, actor=SYSTEM, at=fact.at)


@on("record.merged")
def hand_alerts_over(fact: Fact) -> None:
    """Alerts follow their incident into the one it was merged with."""
    target = queries.merged_into(fact.subject_id)
    if fact.subject_kind == "incident" and target is not None:
        commands.hand_over(fact.subject_id, target, actor=SYSTEM, at=fact.at)
