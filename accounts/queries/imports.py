"""Files that were brought, by who brought them."""

from accounts.models import ImportFile
from kernel.actor import Actor
from kernel.errors import NotFound


def import_file(actor: Actor, code: str, pk: int) -> ImportFile:
    """The actor's own file for that list; NotFound when there is none, or no more."""
    found = ImportFile.objects.filter(pk=pk, user_id=actor.id, sheet=code).first()
    if found is None:
        raise NotFound("There is no such file any more.")
    return found
