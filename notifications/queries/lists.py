"""A person's own list: what concerned them, grouped per record, and what they want to hear no more of."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass
from itertools import groupby

from django.db.models import Count, IntegerField, OuterRef, QuerySet, Subquery, Value
from django.db.models.expressions import BaseExpression, Combinable
from django.db.models.functions import Coalesce
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotFound
from notifications.models import Mute, Notification
from records.models import Record
from records.queries import visible_q


def listed(actor: Actor) -> QuerySet[Notification]:
    """A person's notifications, newest first."""
    return Notification.objects.filter(user_id=actor.id).order_by("-pk")


@dataclass(frozen=True, slots=True)
class Group:
    """Lines about one record, newest first; `record` is None when the person may no longer see it."""

    record: Record | None
    lines: Sequence[Notification]

    @property
    def newest(self) -> Notification:
        """The line that the others stand under."""
        return self.lines[0]

    @property
    def has_unread(self) -> bool:
        """Whether something in it is new to the person."""
        return any(line.read_at is None for line in self.lines)


def grouped(actor: Actor, lines: Sequence[Notification]) -> list[Group]:
    """The lines of one page per record, the record with the newest line first. One statement."""
    records = visible_records(actor, (line.subject_id for line in lines))
    order = {line.subject_id: number for number, line in reversed(list(enumerate(lines)))}
    together = sorted(lines, key=lambda line: (order[line.subject_id], -line.pk))
    return [Group(records.get(pk), list(rows)) for pk, rows in groupby(together, key=lambda line: line.subject_id)]


def line(actor: Actor, pk: int) -> Group:
    """One line of the person's list with its record. NotFound."""
    found = listed(actor).filter(pk=pk).first()
    if found is None:
        raise NotFound(_("There is no such line in your list."))
    return grouped(actor, [found])[0]


def unread_badge(actor: Actor) -> BaseExpression | Combinable:
    """How many lines the person has not read, for the frame of every page."""
    mine = Notification.objects.filter(user=OuterRef("pk"), read_at=None).order_by()
    counted = mine.annotate(all=Value(1)).values("all").annotate(n=Count("pk")).values("n")
    return Coalesce(Subquery(counted), 0, output_field=IntegerField())


def visible_records(actor: Actor, ids: Iterable[int]) -> dict[int, Record]:
    """Records of a list's notifications that the person may still see."""
    return Record.objects.filter(visible_q(actor), pk__in=set(ids)).in_bulk()


def muted(actor: Actor) -> list[Record]:
    """Records that the person wants to hear no more of and may still see, newest first."""
    mine = Mute.objects.filter(user_id=actor.id).values("record_id")
    return list(Record.objects.filter(visible_q(actor), pk__in=mine).order_by("-pk")[:200])
