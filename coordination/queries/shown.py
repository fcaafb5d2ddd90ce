"""Which work a person is shown: that of records whose internal part they may read, and what they have themselves."""

from django.db.models import Q

from kernel.actor import Actor
from records.queries import internal_q, visible_q


def shown_q(actor: Actor) -> Q:
    """The condition on work items. Work on one's own report that others handle is theirs: its requester reads how far
    the report is, never who does what next (ARCHITECTURE 8)."""  # fmt: skip
    if actor.see_all or actor.is_system:
        return visible_q(actor, "record__")
    own = visible_q(actor, "record__") & (Q(assignee=actor.id) | Q(second=actor.id))
    return internal_q(actor, "record__") | own
