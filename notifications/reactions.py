"""Listens to what may be told; says nothing to the rooms it hears (ARCHITECTURE 2)."""

from kernel.reactions import Fact, on
from notifications import commands, queries
from notifications.events import FAMILIES, NOT_MAILED, SILENT


@on(*(f"{family}.*" for family in FAMILIES), NOT_MAILED, never=SILENT, is_lockless=True)
def tell(fact: Fact) -> None:
    """Rules, lists, mails and webhooks for every fact worth telling."""
    commands.tell(fact)


@on("work.pair_asked", "work.pair_accepted", "work.pair_declined")
def tell_the_other(fact: Fact) -> None:
    """Whoever is asked to work together hears of it, and whoever asked hears the answer."""
    told = fact.data.get("user")
    if isinstance(told, int):
        commands.tell_named(fact, {told}, is_urgent=False)


@on("sla.step_fired", only=lambda data: str(data.get("action")).startswith("notify_"))
def tell_named_people(fact: Fact) -> None:
    """An escalation step says itself whom to tell."""
    action, config = fact.data.get("action"), fact.data.get("config") or {}
    about = queries.record(fact.subject_id)
    if about is None:
        return
    team = None
    if action == "notify_team":
        team = fact.data.get("team") or about.owner_team_id
        found = queries.members({team or 0})
    elif action == "notify_role":
        found = queries.holders(str(config.get("role", "")))
    elif action == "notify_person":
        found = queries.named_people(about, str(config.get("person", "contact_owner")))
    else:
        return
    commands.tell_named(fact, found, team=team)
