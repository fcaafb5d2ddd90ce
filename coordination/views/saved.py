"""Saved views of the queue: a filter under a name, perhaps shared with a team."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.commands.saved_views import remove_view, save_view
from accounts.doors import ActorRequest, allowed
from accounts.queries.saved_views import saved_views
from coordination.forms import ViewForm
from coordination.views.queue import LIST, READERS, without_page
from journal.units import door
from kernel.errors import Refused
from kernel.pages import go, respond, toast


@allowed(*READERS)
@require_http_methods(["GET", "POST"])
def save(request: ActorRequest) -> HttpResponse:
    """Give the present filter a name; own views are removed here as well."""
    query = request.POST.get("query") or without_page(request)
    form, path = ViewForm(request.POST or None, teams=request.actor.teams), reverse("coordination:queue")
    if form.is_bound and form.is_valid():
        try:
            with door(request.actor) as at:
                save_view(LIST, **form.cleaned_data, query=query, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return go(request, f"{path}?{query}")
    own = [view for view in saved_views(request.actor, LIST, path=path, query=query) if view.own_id]
    context = {"area": "queue", "form": form, "query": query, "views": own}
    status = 422 if form.is_bound else 200
    return respond(request, "coordination/save_view.html", "coordination/_save_view.html", context, status=status)


@allowed(*READERS)
@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget an own view."""
    with door(request.actor) as at:
        remove_view(pk, actor=request.actor, at=at)
    toast(request, _("The view was removed."))
    return go(request, reverse("coordination:queue"))
