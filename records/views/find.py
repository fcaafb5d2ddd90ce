"""The one search box: a page that can be sent as a link, and the palette's results."""

from django.http import HttpResponse, HttpResponseRedirect
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, signed_in
from kernel.pages import is_fragment_request, respond
from records import queries

LONGEST = 200


@signed_in
@require_safe
def find(request: ActorRequest) -> HttpResponse:
    """Everything that fits what was typed. A record number typed on the page leads straight to it."""
    text = request.GET.get("q", "").strip()[:LONGEST]
    is_palette = "palette" in request.GET and is_fragment_request(request)
    found = queries.find(request.actor, text, at=timezone.now())
    if not is_fragment_request(request) and found.hits and found.hits[0].url and found.hits[0].is_number(text):
        return HttpResponseRedirect(found.hits[0].url)
    context = {"found": found, "query": text, "area": "find"}
    if is_palette:
        context["hits"] = found.hits[: queries.PALETTE_ROWS]
    fragment = "records/_palette.html" if is_palette else "records/_found.html"
    return respond(request, "records/find.html", fragment, context)
