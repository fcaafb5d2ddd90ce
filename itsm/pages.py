"""Pages that belong to no room: the style guide, the state of the sign-in, refused forms."""

from django.http import HttpRequest, HttpResponse, JsonResponse, StreamingHttpResponse
from django.middleware.csrf import get_token
from django.shortcuts import render
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_POST, require_safe

from accounts import commands as accounts
from accounts.doors import ActorRequest, allowed, public
from accounts.roles import Permission
from itsm import styleguide as samples
from itsm.export import everything
from journal.units import door


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


@require_POST
@allowed(Permission.EXPORT_ALL)
def export_everything(request: ActorRequest) -> StreamingHttpResponse:
    """Every table and file in one ZIP file, as it is read; no confidential records of others."""
    with door(request.actor) as at:
        accounts.note_export("everything", form="zip", actor=request.actor, at=at)
    name = f"spindel-{at:%Y-%m-%d-%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(everything(request.actor, at), content_type="application/zip", headers=headers)


def csrf_failure(request: HttpRequest, reason: str = "") -> HttpResponse:
    """A form whose token has gone stale: 403 in words, and a header by which scripts repeat it with a fresh one."""
    response = render(request, "csrf.html", status=403)
    response["X-Spindel-Reason"] = "csrf"
    return response
