"""The log of mails and webhook calls: what is due, what became of it."""

from datetime import datetime, timedelta

from django.db.models import Count, Q, QuerySet

from notifications.models import Delivery

OPEN = Q(sent_at=None, dead_at=None)
DELIVERY_STATES = ("waiting", "sent", "dead")


def recent_mails(user_id: int, *, since: datetime) -> int:
    """How many mails were queued for the person since then, whether or not they went out in one."""
    return Delivery.objects.filter(user_id=user_id, channel=Delivery.Channel.EMAIL, created_at__gte=since).count()


def gathered_until(user_id: int) -> datetime | None:
    """When the mails that are being gathered for the person go out together."""
    rows = Delivery.objects.filter(OPEN, user_id=user_id, is_gathered=True).order_by("available_at")
    return rows.values_list("available_at", flat=True).first()


def due_people(at: datetime, *, least: int) -> list[int]:
    """People for whom at least so many mails are due at once, or several that were gathered."""
    counted = foldable(at).values("user_id").annotate(n=Count("pk"), held=Count("pk", filter=Q(is_gathered=True)))
    return list(counted.filter(Q(n__gte=least) | Q(n__gte=2, held__gte=1)).values_list("user_id", flat=True))


def foldable(at: datetime) -> QuerySet[Delivery]:
    """Mails that are due and of which no attempt may have arrived unseen: those could be told twice."""
    known = Q(attempts=0) | ~Q(error="")
    return Delivery.objects.filter(OPEN, known, _free(at), channel=Delivery.Channel.EMAIL, available_at__lte=at)


def _free(at: datetime) -> Q:
    return Q(leased_until=None) | Q(leased_until__lt=at)


def due_ids(at: datetime, limit: int) -> list[tuple[int, int | None]]:
    """Deliveries whose time has come and whose receiver is not being spared, with their webhook, without locks."""
    spared = Q(webhook__open_until__gt=at)
    waiting = Delivery.objects.filter(OPEN, _free(at), available_at__lte=at).exclude(spared)
    return list(waiting.order_by("available_at", "pk").values_list("pk", "webhook_id")[:limit])


def log(state: str = "") -> QuerySet[Delivery]:
    """All deliveries, or those waiting, sent or dead."""
    chosen = {"waiting": OPEN, "sent": Q(sent_at__isnull=False), "dead": Q(dead_at__isnull=False)}
    return Delivery.objects.filter(chosen.get(state, Q())).select_related("user", "webhook", "digest")


def open_count() -> int:
    """Deliveries not sent yet."""
    return Delivery.objects.filter(OPEN).count()


def dead_count() -> int:
    """Deliveries given up and not sent again."""
    return Delivery.objects.filter(dead_at__isnull=False).count()


def stuck(at: datetime) -> int:
    """Deliveries overdue by more than two minutes that nobody is trying (RELIABILITY I3)."""
    return Delivery.objects.filter(OPEN, _free(at), available_at__lt=at - timedelta(minutes=2)).count()
