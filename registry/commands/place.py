"""Keep the places where components stand; they retire, they are never removed."""

from datetime import datetime

from django.utils.translation import gettext as _

from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from registry.models import Location


@command
def save_place(
    place: Location | None, *, code: str, name: str, parent: Location | None, is_retired: bool, actor: Actor,
    at: datetime,
) -> Location:  # fmt: skip
    """Add a site, building or room, or change one. Unprocessable for a code in use or a place below itself."""
    require(actor, Permission.REGISTRY_EDIT)
    found = Location.objects.select_for_update(no_key=True).get(pk=place.pk) if place else Location()
    if Location.objects.filter(code__iexact=code).exclude(pk=found.pk).exists():
        said = _("Another place has this code. Choose another one.")
        raise Unprocessable(said, fields={"code": [said]})
    if place is not None and _is_above(found, parent):
        said = _("A place cannot stand below itself.")
        raise Unprocessable(said, fields={"parent": [said]})
    found.code, found.name, found.parent = code, name, parent
    found.retired_at = (found.retired_at or at) if is_retired else None
    found.save()
    journal.note(("place", found.pk), "place.saved", actor=actor, at=at, code=code)
    return found


def _is_above(place: Location, parent: Location | None) -> bool:
    seen: set[int] = set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == place.pk:
            return True
        seen.add(parent.pk)
        parent = parent.parent
    return False
