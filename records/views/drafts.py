"""Drafts on the server: what somebody types is kept every second and listed until it is sent."""

from django.http import HttpResponse
from django.utils.http import url_has_allowed_host_and_scheme
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import ActorRequest, signed_in
from journal.units import door
from kernel.pages import go, respond
from records import commands as records
from records import queries

LONGEST_KEY, LONGEST_URL = 80, 300


@signed_in
@require_http_methods(["POST", "DELETE"])
def draft(request: ActorRequest, key: str) -> HttpResponse:
    """Keep or drop one draft of this person. A form without scripts drops it with `drop`."""
    is_drop = request.method == "DELETE" or "drop" in request.POST
    with door(request.actor) as at:
        if is_drop:
            records.drop_draft(key=key[:LONGEST_KEY], actor=request.actor, at=at)
        else:
            values = {name: request.POST[name] for name in request.POST if name != "csrfmiddlewaretoken"}
            records.save_draft(key=key[:LONGEST_KEY], values=values, actor=request.actor, at=at, url=_place(request))
    if "drop" in request.POST:
        return go(request, request.POST.get("next") or "/drafts/")
    return HttpResponse(status=204)


def _place(request: ActorRequest) -> str:
    """The page of ours on which the text is finished, where the form names it."""
    url = request.GET.get("url", "")
    return url if url_has_allowed_host_and_scheme(url, allowed_hosts=None) and len(url) <= LONGEST_URL else ""


@signed_in
@require_safe
def drafts(request: ActorRequest) -> HttpResponse:
    """What this person has typed and not sent."""
    context = {"drafts": queries.drafts(request.actor), "area": "mine"}
    return respond(request, "records/drafts.html", "records/_drafts.html", context)
