"""Who stands in which relation to a record, who of them may hear of it, and when."""

from collections.abc import Callable, Iterable, Mapping
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from accounts.models import Grant, Membership, User
from accounts.queries import actor_for
from accounts.queries.actors import people_with_rights
from kernel.actor import Actor
from kernel.events import event_type
from kernel.recipients import people_of
from notifications.models import Choice, Mute, Rule
from records import events as record_events
from records import policies
from records.models import Record, Watcher

WORDS = (record_events.COMMENTED, record_events.ATTACHED)
"""Events that are public when their data say so."""


def record(pk: int) -> Record | None:
    """The record that an event is about."""
    return Record.objects.select_related("requester", "contact_owner", "owner_team").filter(pk=pk).first()


def recipients(rule: Rule, about: Record, data: dict[str, object]) -> set[int]:
    """User ids that a rule names for this record and event."""
    callers = Watcher.objects.filter(record=about, is_caller=True)
    followers = Watcher.objects.filter(record=about)
    chosen: dict[str, Callable[[], Iterable[int]]] = {
        Rule.To.REQUESTER: lambda: _ids(about.requester_id),
        Rule.To.CONTACT_OWNER: lambda: _ids(about.contact_owner_id),
        Rule.To.CALLERS: lambda: callers.values_list("user_id", flat=True),
        Rule.To.WATCHERS: lambda: followers.values_list("user_id", flat=True),
        Rule.To.ASSIGNEE: lambda: _assignee(about, data.get("user")),
        Rule.To.OWNER_TEAM: lambda: members(_ids(about.owner_team_id)),
        Rule.To.TEAM: lambda: members(_ids(rule.team_id)),
        Rule.To.ROLE: lambda: holders(rule.role),
    }
    return set(chosen[rule.to]())


def _assignee(about: Record, named: object) -> Iterable[int]:
    return [named] if isinstance(named, int) else people_of("assignee", about.pk)


def _ids(*values: int | None) -> set[int]:
    return {value for value in values if value}


def members(teams: Iterable[int]) -> set[int]:
    """Active members of the teams."""
    return set(Membership.objects.filter(team__in=teams, user__is_active=True).values_list("user_id", flat=True))


def holders(role: str) -> set[int]:
    """Active people who hold the role anywhere."""
    return set(Grant.objects.filter(role=role, user__is_active=True).values_list("user_id", flat=True))


def named_people(about: Record, relation: str) -> set[int]:
    """The people an escalation step means: the contact's owner, the assignee, or the leads of the owner team."""
    if relation == "assignee":
        return set(people_of("assignee", about.pk)) or _ids(about.contact_owner_id)
    if relation == "lead":
        leads = Membership.objects.filter(team__in=_ids(about.owner_team_id), is_lead=True, user__is_active=True)
        return set(leads.values_list("user_id", flat=True))
    return _ids(about.contact_owner_id)


def readers(about: Record, user_ids: Iterable[int], *, code: str, data: Mapping[str, object]) -> list[User]:
    """Those of the people who may read that event of the record, are active and have not muted the record.

    The same answer as the time line's: requesters hear of public events and public words alone.
    """
    muted = Mute.objects.filter(record_id=about.pk).values("user_id")
    wanted = set(user_ids)
    if not wanted:
        return []
    people = people_with_rights().filter(pk__in=wanted, is_active=True, kind__in=("person", "guest"))
    is_public = event_type(code).public or (code in WORDS and data.get("is_public") is True)
    return [person for person in people.exclude(pk__in=muted) if _may_read(person, about, is_public=is_public)]


def _may_read(person: User, about: Record, *, is_public: bool) -> bool:
    actor = actor_for(person)
    return policies.can_see(actor, about) if is_public else policies.can_read_internal(actor, about)


def choices_for(user_ids: Iterable[int]) -> dict[tuple[int, str], Choice]:
    """What people chose, by person and reason; nothing where they leave it to the rules."""
    return {(row.user_id, row.why): row for row in Choice.objects.filter(user__in=set(user_ids))}


def choices_of(actor: Actor) -> dict[str, Choice]:
    """What one person chose, by reason."""
    return {row.why: row for row in Choice.objects.filter(user_id=actor.id)}


def after_quiet_hours(user: User, at: datetime) -> datetime:
    """`at`, or the end of the person's quiet hours ({"from": "22:00", "to": "06:00"}) when it falls into them."""
    start, end = (_clock(user.quiet_hours.get(key)) for key in ("from", "to"))
    if start is None or end is None or start == end:
        return at
    local = at.astimezone(ZoneInfo(user.zone))
    now = local.time()
    is_quiet = start <= now < end if start < end else now >= start or now < end
    if not is_quiet:
        return at
    day = local.date() + timedelta(days=1 if now >= end else 0)
    return datetime.combine(day, end, ZoneInfo(user.zone)).astimezone(at.tzinfo)


def _clock(value: object) -> time | None:
    try:
        return time.fromisoformat(value) if isinstance(value, str) and value else None
    except ValueError:
        return None
