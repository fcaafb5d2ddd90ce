"""What has served its time goes: offers to undo that nobody can take up, drafts that nobody came back to."""

from datetime import datetime, timedelta

from journal.units import command
from kernel.actor import Actor
from records.models import Draft, Undo

OFFER_KEPT = timedelta(days=1)
"""Far beyond the minute in which an act can be undone, so that a late press still gets its reason."""
DRAFT_KEPT = timedelta(days=90)


@command
def forget_old(*, actor: Actor, at: datetime) -> int:
    """Delete offers to undo of yesterday and drafts untouched for 90 days; returns how many rows went."""
    del actor  # nobody's rights matter: an offer is void by then, and a draft is no record
    offers = Undo.objects.filter(at__lt=at - OFFER_KEPT).delete()[0]
    return offers + Draft.objects.filter(updated_at__lt=at - DRAFT_KEPT).delete()[0]
