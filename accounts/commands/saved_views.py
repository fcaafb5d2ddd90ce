"""A list's filter, sort and columns under a name (UX 4.3): kept by a person, perhaps shared with a team."""

from datetime import datetime

from django.db.models import Max
from django.utils.translation import gettext as _

from accounts.models import SavedView, Team
from journal.units import command
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound, Unprocessable

LONGEST_QUERY = 1000
MOST = 20
"""Views that one person may keep for one list."""


@command
def save_view(
    list_key: str, *, name: str, query: str, team: Team | None = None, actor: Actor, at: datetime
) -> SavedView:
    """Keep a list's query under a name; the same name again replaces the query. Sharing needs to be in the team."""
    del at  # who keeps what is no event of any record
    name = " ".join(name.split())
    if not name or len(name) > 60:
        message = _("Give the view a name of at most 60 characters.")
        raise Unprocessable(message, fields={"name": [message]})
    if len(query) > LONGEST_QUERY:
        raise Unprocessable(_("The filter is too long to be kept. Take some conditions away."))
    if team is not None and team.pk not in actor.teams:
        raise NotAllowed(_("A view can be shared with a team of your own only."))
    own = SavedView.objects.filter(list_key=list_key, owner=actor.id)
    if own.exclude(name=name).count() >= MOST:
        raise Unprocessable(_("You keep %(most)s views of this list already. Remove one first.") % {"most": MOST})
    last = own.aggregate(last=Max("position"))["last"]
    saved, _made = SavedView.objects.update_or_create(
        list_key=list_key, owner_id=actor.id, name=name, defaults={"query": query, "team": team},
        create_defaults={"query": query, "team": team, "position": (last or 0) + 1},
    )  # fmt: skip
    return saved


@command
def remove_view(pk: int, *, actor: Actor, at: datetime) -> None:
    """Forget an own view; NotFound when it is somebody else's."""
    del at
    if not SavedView.objects.filter(pk=pk, owner=actor.id).delete()[0]:
        raise NotFound(_("This view is gone already."))


@command
def choose_first_view(pk: int, *, is_first: bool, actor: Actor, at: datetime) -> None:
    """The list opens with this own view from now on, or with the built-in one again; NotFound when it is not own."""
    del at
    view = SavedView.objects.filter(pk=pk, owner=actor.id).first()
    if view is None:
        raise NotFound(_("This view is gone already."))
    own = SavedView.objects.filter(owner=actor.id, list_key=view.list_key).select_for_update(no_key=True)
    list(own.order_by("pk"))  # locked, so that two choices at once leave one
    own.filter(is_default=True).exclude(pk=pk).update(is_default=False)
    own.filter(pk=pk).update(is_default=is_first)
