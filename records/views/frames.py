"""The page of a record in its frame, for records of every kind, and its live time line."""

from typing import Any

from django.http import HttpRequest, HttpResponse, HttpResponseNotModified, HttpResponseRedirect
from django.template.loader import render_to_string
from django.utils import timezone
from django.views.decorators.http import require_safe

from accounts.doors import ActorRequest, signed_in
from journal import live
from kernel.pages import respond
from records import queries
from records.models import Record
from records.panels import tabs_for
from records.queries.page import RecordPage, area_of, record_page, url_of
from records.queries.timeline import entry_asked, show_asked


def seen_of(request: HttpRequest) -> int:
    """Up to which event the reader had seen the time line when the page was loaded."""
    return entry_asked(request.GET.get("seen", ""))


def frame_context(request: ActorRequest, record: Record, current: str = "facts") -> dict[str, Any]:
    """The context that templates/records/page.html needs."""
    page = record_page(
        request.actor,
        record,
        show=show_asked(request.GET.get("show", "")),
        before=entry_asked(request.GET.get("before", "")),
    )
    return {"page": page, "tabs": tabs_for(request.actor, record, current), "area": area_of(record)}


@signed_in
@require_safe
def detail(request: ActorRequest, number: str) -> HttpResponse:
    """The page of a record: its process's, or this plain one for a kind without."""
    record = queries.by_number(request.actor, number)
    address = url_of(record)
    if address != request.path:
        return HttpResponseRedirect(address)
    return respond(request, "records/page.html", "records/_facts.html", frame_context(request, record))


@signed_in
@require_safe
def jump(request: ActorRequest, number: str) -> HttpResponse:
    """/INC-2400/ and /2400/ lead to the record; 404 for what may not be seen, as for what does not exist."""
    return HttpResponseRedirect(url_of(queries.jump(request.actor, number)))


@signed_in
@require_safe
def timeline(request: ActorRequest, number: str) -> HttpResponse:
    """The entries again for a live page; 304 while nothing changed."""
    record = queries.by_number(request.actor, number)
    seen, show = seen_of(request), show_asked(request.GET.get("show", ""))
    tag = live.tag([f"record:{record.pk}", show, str(seen)], request.actor, timezone.now())
    if request.headers.get("If-None-Match") == tag:
        return HttpResponseNotModified(headers={"ETag": tag})
    page = record_page(request.actor, record, show=show, seen=seen)
    response = respond(request, "records/timeline.html", "records/_entries.html", {"page": page})
    response["ETag"] = tag
    return response


def timeline_again(request: ActorRequest, record: Record) -> str:
    """The time line as a part that htmx puts in its place beside the answer to something else."""
    page: RecordPage = record_page(request.actor, record)
    return render_to_string("records/_timeline.html", {"page": page, "swap_oob": True}, request)
