"""Saved views of a list as tabs: own ones and those shared with a team of the person."""

from collections.abc import Sequence
from dataclasses import dataclass

from django.db.models import Q

from accounts.models import SavedView
from kernel.actor import Actor


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
    mine = Q(owner=actor.id) | Q(team__in=actor.teams)
    rows = SavedView.objects.filter(mine, list_key=list_key).order_by("position", "name", "pk")
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
