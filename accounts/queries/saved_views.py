"""Saved views of a list as tabs: own ones and those shared with a team of the person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q, QuerySet
from django.utils.translation import gettext as _

from accounts.models import SavedView
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound
from kernel.paging import Key

ORDER = (Key("position"), Key("name"), Key("id"))


@dataclass(frozen=True, slots=True)
class KeptList:
    """A list whose views can be kept: its page, its area in the frame, who reads it."""

    page: str
    area: str
    readers: tuple[Permission, ...]


LISTS = {
    "queue": KeptList(
        "coordination:queue", "queue", (Permission.WORK_PICK, Permission.WORK_ASSIGN, Permission.RECORD_SEE_ALL)
    ),
    "incidents": KeptList(
        "incidents:list", "calls", (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL)
    ),
    "components": KeptList("registry:component_list", "components", (Permission.REGISTRY_READ,)),
}


def require_reader(actor: Actor, list_key: str) -> KeptList:
    """The list; NotFound when there is none, NotAllowed when the actor does not read it."""
    kept = LISTS.get(list_key)
    if kept is None:
        raise NotFound(_("There is no such list."))
    if not any(actor.may_somewhere(each) for each in kept.readers):
        raise NotAllowed(_("Your role does not read this list."))
    return kept


def kept_views(actor: Actor, list_key: str = "") -> QuerySet[SavedView]:
    """Views of that list, or of all, that the actor keeps or is shown by a team."""
    rows = SavedView.objects.filter(Q(owner=actor.id) | Q(team__in=actor.teams)).select_related("team")
    return rows.filter(list_key=list_key) if list_key else rows


@dataclass(frozen=True, slots=True)
class ViewTab:
    """One saved view as templates/_components/views.html draws it; `own_id` is 0 for somebody else's."""

    label: str
    url: str
    is_current: bool = False
    is_shared: bool = False
    own_id: int = 0
    count: str = ""
    is_default: bool = False


def saved_views(actor: Actor, list_key: str, *, path: str, query: str) -> Sequence[ViewTab]:
    """The views of that list that the actor keeps or is shown, `query` being the one at hand. One statement."""
    rows = kept_views(actor, list_key).order_by("position", "name", "pk")
    return [
        ViewTab(
            label=row.name, url=f"{path}?{row.query}", is_current=row.query == query, is_shared=row.team_id is not None,
            own_id=row.pk if row.owner_id == actor.id else 0, is_default=row.is_default and row.owner_id == actor.id,
        )
        for row in rows
    ]  # fmt: skip


def first_view(user: object, list_key: str) -> str:
    """The query with which that person's list opens when the address says nothing; empty when none was chosen.

    `user` comes from `people_with_rights`, so this costs no statement.
    """
    chosen: list[dict[str, str]] = getattr(user, "loaded_first_views", [])
    return next((each["query"] for each in chosen if each["list_key"] == list_key), "")
