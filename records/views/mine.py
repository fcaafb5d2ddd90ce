"""A requester's own records: list, page with what is public, reply. Confirm and reopen are steps of the process."""

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, signed_in
from kernel.errors import NotFound
from kernel.pages import respond
from records import policies, queries
from records.queries.page import own_page


@signed_in
@require_safe
def my_records(request: ActorRequest) -> HttpResponse:
    """What this person reported or joined."""
    context = {"own": queries.own_records(request.actor), "area": "mine"}
    return respond(request, "records/my_records.html", "records/_my_records.html", context)


@signed_in
@require_safe
def my_record(request: ActorRequest, number: str) -> HttpResponse:
    """One of them: its progress in words and what was said to this person, whatever role they hold besides."""
    record = queries.by_number(request.actor, number)
    if not policies.is_party(request.actor, record):
        raise NotFound(_("No record %(number)s.") % {"number": number})
    context = {"page": own_page(request.actor, record), "area": "mine"}
    return respond(request, "records/my_record.html", "records/_my_timeline.html", context)
