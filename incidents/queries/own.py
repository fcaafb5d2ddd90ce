"""What requesters may do with their own incidents: confirm, reopen (DOMAIN I11)."""

from django.urls import reverse
from django.utils.translation import gettext as _

from incidents.process import INCIDENTS
from incidents.queries import rules
from incidents.workflow import CLOSED, RESOLVED
from kernel.actor import Actor
from records.models import Record
from records.queries.own import OwnAction, offers_own_actions

OWN_STEPS = ("close", "reopen")
"""All that requesters do with their own incidents, beside writing."""


@offers_own_actions("incident")
def own_actions(actor: Actor, record: Record) -> list[OwnAction]:
    """Confirm what is resolved; say that it is still broken while the window is open."""
    if record.state not in (RESOLVED, CLOSED) or actor.is_system:
        return []
    actions = []
    if record.state == RESOLVED:
        hint = _("We believe that this is fixed. Does it work for you?")
        url = reverse("incidents:step", args=[record.number, "close"])
        actions.append(OwnAction(_("Yes, it works"), url, hint=hint))
    resolved_at = INCIDENTS.of_record(record).resolved_at
    if resolved_at is not None:
        until = rules.reopen_until(resolved_at).date().isoformat()
        url = reverse("incidents:step", args=[record.number, "reopen"])
        hint = _("If it comes back, you can open it again until %(date)s.") % {"date": until}
        actions.append(OwnAction(_("Still broken"), url, hint=hint, asks=_("What is still wrong?"), name="reason"))
    return actions
