"""Pages that belong to no room: the style guide, the state of the sign-in, refused forms."""

from django.http import HttpRequest, HttpResponse, JsonResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import public
from itsm import styleguide as samples


@require_safe
@public
def styleguide(request: HttpRequest) -> HttpResponse:
    """Every component in all its states, with made-up content: no data of the installation."""
    return render(request, "styleguide.html", samples.context(request))


@require_safe
@never_cache
@public
def session(request: HttpRequest) -> HttpResponse:
    """Who is signed in and a fresh form token, for scripts that repeat a request after signing in again; else 401."""
    if not request.user.is_authenticated:
        return JsonResponse({"user": None}, status=401)
    return JsonResponse({"user": request.user.pk, "csrf": get_token(request)})


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token has gone stale: 403 in words, and a header by which scripts repeat it with a fresh one."""
    response = render(request, "csrf.html", status=403)
    response["X-Spindel-Reason"] = "csrf"
    return response
