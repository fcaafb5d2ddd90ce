"""Between the browser and the views: who is there, which doors are open, how a refusal looks."""

import logging
from collections.abc import Callable

from django.conf import settings
from django.contrib.auth import SESSION_KEY
from django.contrib.auth.models import AnonymousUser
from django.contrib.auth.views import redirect_to_login
from django.core.validators import ProhibitNullCharactersValidator
from django.db import InterfaceError, OperationalError
from django.http import Http404, HttpRequest, HttpResponse, HttpResponseRedirect
from django.template.loader import render_to_string
from django.urls import ResolverMatch, reverse
from django.utils import timezone, translation
from django.utils.translation import gettext as _

from accounts import options
from accounts.doors import SECOND_FACTOR_SETUP, Access, declared_access
from accounts.models import User
from accounts.queries.actors import actor_for, roles_of
from accounts.queries.settings import setting, settings_seen
from accounts.signin import sessions
from kernel.actor import Actor
from kernel.errors import NotAllowed, NotFound, Refused, Unprocessable
from kernel.pages import is_fragment_request
from kernel.text import is_unstorable

log = logging.getLogger("spindel.web")
Next = Callable[[HttpRequest], HttpResponse]
API = "/api/"


class ActorMiddleware:
    """Sets `request.actor` (None when nobody is signed in), the person's language and zone: two statements.

    A session whose person was disabled, or that has reached its limit, is flushed before anything else happens.
    """

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        request.actor = None  # type: ignore[attr-defined]  # ours
        try:
            user = _person(request)
        except (OperationalError, InterfaceError) as fault:
            return _unavailable(request, fault)
        if user is None:
            with timezone.override(None):
                return self.get_response(request)
        request.actor = actor_for(user)  # type: ignore[attr-defined]  # ours
        translation.activate(user.language)
        request.LANGUAGE_CODE = translation.get_language()  # as LocaleMiddleware does
        with timezone.override(user.zone):
            return self.get_response(request)


def _person(request: HttpRequest) -> User | None:
    if settings.SESSION_COOKIE_NAME not in request.COOKIES:
        return None
    user = request.user
    if isinstance(user, User) and user.is_authenticated:
        settings_seen(getattr(user, "loaded_settings_version", None))
        limits = setting(options.KEY, options.SignInOptions)
        if not sessions.is_over(request.session, longest_hours=limits.longest_hours):
            sessions.touch(request.session, idle_minutes=limits.idle_minutes)
            return user
    if SESSION_KEY in request.session:
        request.session.flush()
        request.user = AnonymousUser()
    return None


class DoorMiddleware:
    """Asks each view who may knock before it runs; a view that does not say is not there."""

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        response = self.get_response(request)
        match = request.resolver_match
        if match is not None and match.view_name == "account_logout" and request.method == "POST":
            response["Clear-Site-Data"] = '"cache"'
        return response

    def process_view(
        self, request: HttpRequest, view: Callable[..., HttpResponse], args: object, kwargs: object
    ) -> HttpResponse | None:
        """None lets the view run."""
        match: ResolverMatch = request.resolver_match  # type: ignore[assignment]  # set before this is called
        access = declared_access(view, match.view_name)
        if access is None:
            log.error("view %s declares no access, so it answers nobody", match.view_name or match._func_path)  # noqa: SLF001  # only for the log
            raise Http404
        if hasattr(view, "cls"):
            return None  # the API asks by the same declaration after it has read the token (accounts.rest.Declared)
        return _admit(request, access, match.view_name)


def _admit(request: HttpRequest, access: Access, route: str) -> HttpResponse | None:
    actor: Actor | None = request.actor  # type: ignore[attr-defined]  # ours
    if not access.admits(actor):
        return _sign_in(request) if actor is None else refusal(request, NotAllowed(_not_yours()))
    if actor is not None and route not in SECOND_FACTOR_SETUP and _lacks_second_factor(request):
        return HttpResponseRedirect(reverse("mfa_activate_totp"))
    return None


def _not_yours() -> str:
    return _("Your roles do not include this page. An administrator can give them to you.")


def _lacks_second_factor(request: HttpRequest) -> bool:
    user = request.user
    if not isinstance(user, User) or getattr(user, "has_second_factor", True):
        return False
    needed = set(setting(options.KEY, options.SignInOptions).second_factor_roles)
    return any(role in needed for role, _team in roles_of(user))


def _sign_in(request: HttpRequest) -> HttpResponse:
    if is_fragment_request(request) or request.path.startswith(API):
        page = render_to_string("_signed_out.html", {}, request)
        return HttpResponse(page, status=401)
    return redirect_to_login(request.get_full_path())


class RefusedMiddleware:
    """Turns `Refused`, text that cannot be kept and a busy database into answers in words. The API has its own
    (accounts.rest). An address with a NUL in it is nowhere: no view need think of it."""  # fmt: skip

    def __init__(self, get_response: Next) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        if "\0" in request.path_info or "%00" in request.META.get("QUERY_STRING", ""):
            return _nowhere(request)
        return self.get_response(request)

    def process_exception(self, request: HttpRequest, fault: Exception) -> HttpResponse | None:
        """An answer for what we know; everything else stays a fault of the server."""
        if isinstance(fault, Refused):
            return refusal(request, fault)
        if is_unstorable(fault):
            return refusal(request, Unprocessable(str(ProhibitNullCharactersValidator.message)))
        if isinstance(fault, (OperationalError, InterfaceError)):
            return _unavailable(request, fault)
        return None


def _nowhere(request: HttpRequest) -> HttpResponse:
    if not request.path.startswith(API):
        return refusal(request, NotFound("No address holds a NUL."))
    body = '{"type":"about:blank","title":"Not found","status":404,"code":"not_found"}'
    return HttpResponse(body, status=404, content_type="application/problem+json")


def refusal(request: HttpRequest, fault: Refused) -> HttpResponse:
    """The page, or the fragment for htmx. A 404 says the same whether something is hidden or not there."""
    if fault.status == 404:
        return HttpResponse(render_to_string("404.html", {}, request), status=404)
    template = "_refused.html" if is_fragment_request(request) else "refused.html"
    context = {"reason": fault.message, "status": fault.status, "facts": fault.facts}
    headers = {"X-Spindel-Reason": "refused"}  # scripts show the reason beside the form and leave the form as typed
    return HttpResponse(render_to_string(template, context, request), status=fault.status, headers=headers)


def _unavailable(request: HttpRequest, fault: Exception) -> HttpResponse:
    """503: somebody holds what is needed for longer than three seconds, or the database is away."""
    log.warning("database not available: %s", fault)
    if request.path.startswith(API):
        body = '{"type":"about:blank","title":"Busy","status":503,"code":"busy"}'
        response = HttpResponse(body, status=503, content_type="application/problem+json")
    else:
        response = HttpResponse(render_to_string("busy.html", {}), status=503)
    response["Retry-After"] = "3"
    return response
