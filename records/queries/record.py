"""Read records: everything goes through visible_to, one operator on the audience (ARCHITECTURE 6)."""

from collections.abc import Iterable

from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext as _

from journal.queries.kinds import prefixes
from journal.units import holds
from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Record, Watcher

SHOWN = ("requester", "owner_team", "contact_owner", "service__component", "component", "category", "parent")
"""What pages show beside a record; a process prefixes each with `record__`."""

LOCKED = "record"
"""Under which a unit holds the records that it has locked."""


def is_locked(record: Record) -> bool:
    """Whether this unit has locked the row and this very object is what it read then."""
    return holds(LOCKED, record.pk, record)


def visible_q(actor: Actor, prefix: str = "") -> Q:
    """The condition under which the actor may see a record; `prefix` is the path to it, such as `record__`."""
    mine = Q(**{f"{prefix}audience__overlap": actor.audience})
    if actor.is_system:
        return Q()
    return Q(**{f"{prefix}confidential_class": ""}) | mine if actor.see_all else mine


def internal_q(actor: Actor, prefix: str = "") -> Q:
    """`visible_q` less the actor's own records that others handle: of those no list or filter may tell more than a
    requester reads. The same answer as `policies.can_read_internal` for people who work with records."""  # fmt: skip
    seen = visible_q(actor, prefix)
    if actor.see_all or actor.is_system:
        return seen
    calls = Watcher.objects.filter(user=actor.id, is_caller=True, record=OuterRef(f"{prefix}pk"))
    handled = Q(**{f"{prefix}audience__overlap": sorted({*actor.teams, *actor.class_ids})})
    return seen & (handled | ~(Q(**{f"{prefix}requester": actor.id}) | Q(Exists(calls))))


def visible_to(actor: Actor) -> QuerySet[Record]:
    """Records that the actor may see."""
    return Record.objects.filter(visible_q(actor))


def by_number(actor: Actor, number: str) -> Record:
    """The record with that number; NotFound when there is none or it may not be seen, which look the same."""
    found = visible_to(actor).select_related(*SHOWN).filter(number=number.upper()).first()
    if found is None:
        raise NotFound(_("No record %(number)s.") % {"number": number.upper()})
    return found


def jump(actor: Actor, text: str) -> Record:
    """The record that a number typed by a person means: INC-2400, inc-2400, or 2400 when only one kind has it."""
    if not text.isdecimal():
        return by_number(actor, text)
    numbers = [f"{prefix}-{int(text)}" for prefix in prefixes()] if len(text) < 12 else []
    found = list(visible_to(actor).filter(number__in=numbers).order_by("-opened_at")[:1])
    if not found:
        raise NotFound(_("No record %(number)s.") % {"number": text})
    return found[0]


def numbers_of(actor: Actor, ids: Iterable[int]) -> dict[int, tuple[str, str, str]]:
    """Id → kind, number and title of the records that the actor may see."""
    rows = visible_to(actor).filter(pk__in=ids).values_list("pk", "kind", "number", "title")
    return {pk: (kind, number, title) for pk, kind, number, title in rows}
