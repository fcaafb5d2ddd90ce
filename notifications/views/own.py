"""The bell's list and what a person wants to hear of."""

from django.http import HttpResponse
from django.shortcuts import render
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_GET, require_http_methods, require_POST

from accounts.doors import ActorRequest, signed_in
from journal.units import door
from kernel.pages import go, toast
from kernel.paging import Key, page_of, place_of
from notifications import commands, queries
from notifications.forms import ChoicesForm


@signed_in
@require_GET
def listing(request: ActorRequest) -> HttpResponse:
    """What happened that concerns the person, per record, newest first, each with the reason why it is told."""
    page = page_of(queries.listed(request.actor), [Key("id", is_descending=True)], **place_of(request.GET))
    newest = max((line.pk for line in page.rows), default=0)
    context = {"groups": queries.grouped(request.actor, page.rows), "page": page, "newest": newest, "area": "mine"}
    return render(request, "notifications/list.html", context)


@signed_in
@require_POST
def read_all(request: ActorRequest) -> HttpResponse:
    """Everything shown is read."""
    up_to = _number(request.POST.get("up_to"))
    with door(request.actor) as at:
        commands.mark_all_read(actor=request.actor, at=at, up_to=up_to)
    return go(request, reverse("notifications:list"))


@signed_in
@require_POST
def read(request: ActorRequest, pk: int) -> HttpResponse:
    """One line and the older ones about the same record are read."""
    with door(request.actor) as at:
        commands.mark_read(pk, actor=request.actor, at=at)
    return go(request, reverse("notifications:list"))


@signed_in
@require_GET
def follow(request: ActorRequest, pk: int) -> HttpResponse:
    """On to the record; having gone there is having read it."""
    line = queries.line(request.actor, pk)
    with door(request.actor) as at:
        commands.mark_read(line.newest.pk, actor=request.actor, at=at)
    return go(request, f"/{line.record.number}" if line.record else reverse("notifications:list"))


@signed_in
@require_POST
def mute(request: ActorRequest, record_id: int) -> HttpResponse:
    """No more about that record."""
    with door(request.actor) as at:
        commands.mute(record_id, actor=request.actor, at=at)
    toast(request, _("You hear no more about this one."))
    return go(request, reverse("notifications:list"))


@signed_in
@require_POST
def unmute(request: ActorRequest, record_id: int) -> HttpResponse:
    """About that record again."""
    with door(request.actor) as at:
        commands.unmute(record_id, actor=request.actor, at=at)
    toast(request, _("You hear about this one again."))
    return go(request, reverse("notifications:choices"))


@signed_in
@require_http_methods(["GET", "POST"])
def choices(request: ActorRequest) -> HttpResponse:
    """What is mailed, what is listed, and which records are muted."""
    form = ChoicesForm(request.POST or None, chosen=queries.choices_of(request.actor))
    if request.method == "POST" and form.is_valid():
        with door(request.actor) as at:
            commands.choose(form.wanted(), actor=request.actor, at=at)
        toast(request, _("Saved."))
        return go(request, reverse("notifications:choices"))
    context = {"form": form, "muted": queries.muted(request.actor), "area": "mine"}
    return render(request, "notifications/choices.html", context, status=422 if form.is_bound else 200)


def _number(text: str | None) -> int:
    return int(text) if text and text.isdecimal() and len(text) < 19 else 0
