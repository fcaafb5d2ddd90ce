"""Read records: everything goes through visible_to, one operator on the audience (ARCHITECTURE 6)."""

from django.db.models import Q, QuerySet

from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Record


def visible_q(actor: Actor, prefix: str = "") -> Q:
    """The condition under which the actor may see a record; `prefix` is the path to it, such as `record__`."""
    mine = Q(**{f"{prefix}audience__overlap": actor.audience})
    if actor.is_system:
        return Q()
    return Q(**{f"{prefix}confidential_class": ""}) | mine if actor.see_all else mine


def visible_to(actor: Actor) -> QuerySet[Record]:
    """Records that the actor may see."""
    return Record.objects.filter(visible_q(actor))


def by_number(actor: Actor, number: str) -> Record:
    """The record with that number; NotFound when there is none or it may not be seen, which look the same."""
    found = (
        visible_to(actor)
        .select_related("requester", "owner_team", "contact_owner", "service", "component", "category", "parent")
        .filter(number=number.upper())
        .first()
    )
    if found is None:
        raise NotFound(f"No record {number}.")
    return found
