"""What somebody could take back."""

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Record, Undo


def last_act(actor: Actor, record: Record) -> int:
    """The actor's last act on the record that was not taken back; NotFound when there is none. Undo checks the rest."""
    rows = Undo.objects.filter(record=record, user_id=actor.id, undone_at=None)
    found = rows.order_by("-pk").values_list("pk", flat=True).first()
    if found is None:
        raise NotFound(_("There is nothing to undo here."))
    return found
