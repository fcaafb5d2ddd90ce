"""How much waits where: the tabs in one statement, the badges of the frame."""

from dataclasses import dataclass

from django.db.models import Count, IntegerField, OuterRef, Q, QuerySet, Subquery, Sum, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce

from accounts.roles import Permission
from coordination.models import WorkItem
from coordination.queries.limits import Load
from coordination.queries.shown import shown_q
from coordination.workflow import HELD, OPEN, WITH_SOMEBODY
from kernel.actor import Actor
from records.models import Record
from records.queries import internal_q

QUEUED = Q(state=WorkItem.State.QUEUED)


@dataclass(frozen=True, slots=True)
class Counts:
    """Work items behind each tab, as far as the reader may see them."""

    everything: int
    competent: int
    unrouted: int
    planned: int
    waiting: int
    in_progress: int
    mine: int
    held: int
    minutes: int

    @property
    def load(self) -> Load:
        """What the reader has."""
        return Load(self.held, self.minutes)


def counts(actor: Actor, needs: tuple[int, ...]) -> Counts:
    """All tabs in one statement over the open work items; `held` fills the actor's places."""
    mine = Q(assignee=actor.id)
    row = (
        seen_by(actor)
        .filter(state__in=OPEN)
        .aggregate(
            everything=Count("id", filter=QUEUED),
            competent=Count("id", filter=QUEUED & Q(is_routed=True, needs__contained_by=list(needs))),
            unrouted=Count("id", filter=QUEUED & Q(is_routed=False)),
            planned=Count("id", filter=Q(state=WorkItem.State.PLANNED)),
            waiting=Count("id", filter=Q(state=WorkItem.State.WAITING)),
            in_progress=Count("id", filter=Q(state__in=HELD)),
            mine=Count("id", filter=mine & Q(state__in=WITH_SOMEBODY)),
            held=Count("id", filter=mine & Q(state__in=HELD)),
            minutes=Coalesce(Sum("remaining_minutes", filter=mine & Q(state__in=WITH_SOMEBODY)), 0),
        )
    )
    return Counts(**row)


def depth() -> dict[str, int]:
    """Open work items of the whole house by state, for whoever watches over it; nothing of whom or what."""
    rows = WorkItem.objects.filter(state__in=OPEN).order_by().values_list("state").annotate(n=Count("pk"))
    return dict.fromkeys(OPEN, 0) | dict(rows)


def seen_by(actor: Actor) -> QuerySet[WorkItem]:
    """As `shown_q`; for people who see everything by leaving out the few confidential records, without a join."""
    if not actor.see_all or actor.is_system:
        return WorkItem.objects.filter(shown_q(actor))
    hidden = Record.objects.filter(~Q(confidential_class="")).exclude(audience__overlap=actor.audience)
    return WorkItem.objects.exclude(record__in=hidden.values("pk"))


def mine_badge(actor: Actor) -> BaseExpression | Combinable:
    """How much the person has."""
    return _count(WorkItem.objects.filter(assignee=OuterRef("pk"), state__in=WITH_SOMEBODY))


def unrouted_badge(actor: Actor) -> BaseExpression | Combinable:
    """How much waits for somebody who routes; nothing for people who do not."""
    if not actor.may_somewhere(Permission.WORK_ASSIGN):
        return Value(0)
    return _count(WorkItem.objects.filter(QUEUED, internal_q(actor, "record__"), is_routed=False))


def _count(rows: QuerySet[WorkItem]) -> BaseExpression:
    counted = rows.order_by().annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())
