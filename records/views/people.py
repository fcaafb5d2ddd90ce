"""Followers, presence, and what somebody can take back."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.doors import ActorRequest, signed_in
from journal.units import door
from kernel.errors import NotFound
from kernel.pages import go, respond, toast
from records import commands as records
from records import policies, queries
from records.queries.page import url_of
from records.queries.presence import beat, others


@signed_in
@require_POST
def watch(request: ActorRequest, number: str) -> HttpResponse:
    """Begin or stop following."""
    record = queries.by_number(request.actor, number)
    with door(request.actor) as at:
        (records.watch if request.POST.get("on") == "1" else records.unwatch)(record, actor=request.actor, at=at)
    return go(request, url_of(record))


@signed_in
@require_http_methods(["GET", "POST"])
def presence(request: ActorRequest, number: str) -> HttpResponse:
    """Who else of the staff looks at the record or writes; a POST says that this person is here."""
    record = queries.by_number(request.actor, number)
    if not policies.can_read_internal(request.actor, record):
        raise NotFound(_("No record %(number)s.") % {"number": record.number})
    if request.method == "POST":
        beat(record, request.actor, is_typing=request.POST.get("state") == "typing")
    context = {"people": others(record, request.actor)}
    return respond(request, "_components/presence.html", "_components/presence.html", context)


@signed_in
@require_POST
def undo(request: ActorRequest, number: str, undo_id: int) -> HttpResponse:
    """Take back what this person has just done."""
    record = queries.by_number(request.actor, number)
    with door(request.actor) as at:
        records.undo(record, undo_id, actor=request.actor, at=at)
    toast(request, _("Undone."))
    return go(request, url_of(record))
