"""Naming what a list shows now, and forgetting it: one pair of pages for every list (UX 4.3)."""

from django.http import HttpResponse
from django.urls import reverse
from django.utils.http import url_has_allowed_host_and_scheme
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST

from accounts.commands.saved_views import remove_view, save_view
from accounts.doors import ActorRequest, signed_in
from accounts.forms import OwnViewForm
from accounts.queries.saved_views import require_reader, saved_views
from journal.units import door
from kernel.errors import Refused
from kernel.pages import go, respond, toast


@signed_in
@require_http_methods(["GET", "POST"])
def save(request: ActorRequest, key: str) -> HttpResponse:
    """Give the present filter a name, perhaps share it with a team; own views are removed here as well."""
    kept = require_reader(request.actor, key)
    query, path = request.POST.get("query") or request.GET.urlencode(), reverse(kept.page)
    form = OwnViewForm(request.POST or None, teams=request.actor.teams)
    if form.is_bound and form.is_valid():
        try:
            with door(request.actor) as at:
                save_view(key, **form.cleaned_data, query=query, actor=request.actor, at=at)
        except Refused as refusal:
            form.add_error(None, refusal.message)
        else:
            return go(request, f"{path}?{query}")
    own = [view for view in saved_views(request.actor, key, path=path, query=query) if view.own_id]
    context = {"area": kept.area, "form": form, "query": query, "views": own, "list_url": path}
    status = 422 if form.is_bound else 200
    return respond(request, "accounts/save_view.html", "accounts/_save_view.html", context, status=status)


@signed_in
@require_POST
def remove(request: ActorRequest, pk: int) -> HttpResponse:
    """Forget an own view; back to the list that `next` names."""
    with door(request.actor) as at:
        remove_view(pk, actor=request.actor, at=at)
    toast(request, _("The view was removed."))
    back = request.POST.get("next", "")
    is_ours = url_has_allowed_host_and_scheme(back, allowed_hosts={request.get_host()})
    return go(request, back if is_ours else reverse("accounts:profile"))
