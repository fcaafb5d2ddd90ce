"""Read rules, a person's list, deliveries and webhooks."""

from collections.abc import Callable, Iterable
from datetime import datetime, time, timedelta
from zoneinfo import ZoneInfo

from django.db.models import Q, QuerySet

from accounts.models import Grant, Membership, User
from kernel.actor import Actor
from kernel.errors import NotFound
from kernel.recipients import people_of
from notifications.models import Delivery, Mute, Notification, Rule, Webhook
from records.models import Record, Watcher
from records.queries import visible_q


def rules_for(code: str) -> list[Rule]:
    """Rules in use for an event code or its family."""
    family = code.partition(".")[0] + ".*"
    return list(Rule.objects.filter(retired_at=None, code__in=(code, family)).order_by("pk"))


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


def readers(about: Record, user_ids: Iterable[int]) -> list[User]:
    """Those of the people who may see the record, are active and have not muted it."""
    muted = Mute.objects.filter(record_id=about.pk).values("user_id")
    people = User.objects.filter(pk__in=set(user_ids), is_active=True, kind__in=("person", "guest")).exclude(
        pk__in=muted
    )
    if not about.confidential_class:
        return list(people)
    named = {-entry for entry in about.audience if entry < 0}
    return [person for person in people if person.pk in named]


def webhooks_for(code: str) -> list[Webhook]:
    """Active webhooks that asked for this code, its family or everything."""
    family = code.partition(".")[0] + ".*"
    hooks = Webhook.objects.filter(is_active=True, retired_at=None)
    return [hook for hook in hooks if {code, family, "*"} & set(hook.codes)]


def listed(actor: Actor) -> QuerySet[Notification]:
    """A person's notifications, newest first."""
    return Notification.objects.filter(user_id=actor.id).order_by("-pk")


def unread_count(user_id: int) -> int:
    """How many the person has not read, at most 100."""
    return Notification.objects.filter(user_id=user_id, read_at=None)[:100].count()


def recent_mails(user_id: int, *, since: datetime) -> int:
    """How many mails were queued for the person since then: above a few, the rest go into one digest."""
    return Delivery.objects.filter(user_id=user_id, channel=Delivery.Channel.EMAIL, created_at__gte=since).count()


def open_digest(user_id: int) -> Delivery | None:
    """The digest that is being gathered for the person, locked."""
    return (
        Delivery.objects.select_for_update()
        .filter(user_id=user_id, key__startswith="digest-", sent_at=None, dead_at=None, leased_until=None)
        .first()
    )


def due_ids(at: datetime, limit: int) -> list[int]:
    """Deliveries whose time has come and whose receiver is not being spared, without locks."""
    spared = Q(webhook__open_until__gt=at)
    free = Q(leased_until=None) | Q(leased_until__lt=at)
    waiting = Delivery.objects.filter(free, sent_at=None, dead_at=None, available_at__lte=at).exclude(spared)
    return list(waiting.order_by("available_at").values_list("pk", flat=True)[:limit])


DELIVERY_STATES = ("waiting", "sent", "dead")


def log(state: str = "") -> QuerySet[Delivery]:
    """All deliveries, or those waiting, sent or dead."""
    chosen = {
        "waiting": Q(sent_at=None, dead_at=None),
        "sent": Q(sent_at__isnull=False),
        "dead": Q(dead_at__isnull=False),
    }
    return Delivery.objects.filter(chosen.get(state, Q())).select_related("user", "webhook")


def rules() -> QuerySet[Rule]:
    """Rules in use."""
    return Rule.objects.filter(retired_at=None).select_related("team").order_by("code", "pk")


def rule(pk: int) -> Rule:
    """A rule in use; NotFound when there is none."""
    found = rules().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such rule.")
    return found


def webhooks() -> QuerySet[Webhook]:
    """Webhooks in use."""
    return Webhook.objects.filter(retired_at=None).order_by("name", "pk")


def webhook(pk: int) -> Webhook:
    """A webhook in use; NotFound when there is none."""
    found = webhooks().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such webhook.")
    return found


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


def visible_records(actor: Actor, ids: Iterable[int]) -> dict[int, Record]:
    """Records of a list's notifications that the person may still see."""
    return Record.objects.filter(visible_q(actor), pk__in=set(ids)).in_bulk()


def open_count() -> int:
    """Deliveries not sent yet, for /metrics."""
    return Delivery.objects.filter(sent_at=None, dead_at=None).count()


def stuck(at: datetime) -> int:
    """Deliveries overdue by more than two minutes (RELIABILITY I3)."""
    return Delivery.objects.filter(sent_at=None, dead_at=None, available_at__lt=at - timedelta(minutes=2)).count()
