"""Pages of people and sign-in."""

from django.http import HttpResponse, HttpResponseRedirect
from django.views.decorators.http import require_safe

from accounts.context import first_page
from accounts.doors import ActorRequest, signed_in


@require_safe
@signed_in
def home(request: ActorRequest) -> HttpResponse:
    """Everybody is sent to their own first page: the queue, the wall, or their records."""
    return HttpResponseRedirect(first_page(request.actor))
