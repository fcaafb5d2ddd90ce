"""Base classes of API views. Each declares its doors; one that declares nothing answers nobody."""

from collections.abc import Callable, Mapping, Sequence
from datetime import UTC, datetime
from typing import Any, ClassVar

from django.http import HttpRequest
from django.utils import timezone
from django.utils.translation import gettext as _
from rest_framework.permissions import BasePermission
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.throttling import BaseThrottle
from rest_framework.views import APIView
from rest_framework.viewsets import GenericViewSet

from accounts.doors import Access, Who
from accounts.rest.acting import Work, act
from accounts.rest.authentication import BrowserSession, TokenAuthentication
from accounts.rest.paging import KeysetPagination
from accounts.rest.throttling import CallerThrottle
from kernel.actor import Actor
from kernel.errors import NotAllowed

SAFE = ("GET", "HEAD", "OPTIONS")


class Declared(BasePermission):
    """Asks the view's `access` (one, or one per action) and, of a token, the scope for reading or writing."""

    asks_access = True

    def has_permission(self, request: Request, view: APIView) -> bool:
        """False answers 401 to nobody and 403 to somebody."""
        access = declared(view)
        if access is None:
            return False
        if access.who is Who.PUBLIC:
            return True
        actor: Actor | None = getattr(request._request, "actor", None)  # noqa: SLF001  # set by middleware or token
        if actor is None:
            return False
        self._ask_scope(request, view, actor)
        if not access.admits(actor):
            raise NotAllowed(_("Your roles, or the scopes of your token, do not include this."))
        return True

    def _ask_scope(self, request: Request, view: APIView, actor: Actor) -> None:
        if actor.scopes is None:
            return
        needed = getattr(view, "scope_read" if request.method in SAFE else "scope_write", "")
        if needed == ANY_SCOPE or (needed and needed in actor.scopes):
            return
        text = _("The token lacks the scope %(scope)s.") % {"scope": needed or _("for this address")}
        raise NotAllowed(text, code="scope_missing", facts={"scope": needed})


ANY_SCOPE = "*"
"""A view that every token may use, whatever its scopes: descriptions, never data."""


def declared(view: APIView) -> Access | None:
    """What the view declares for the action that is asked for."""
    access: Access | Mapping[str, Access] | None = getattr(view, "access", None)
    if isinstance(access, Mapping):
        action = getattr(view, "action", None) or (view.request.method or "").lower()
        return access.get(action) or access.get("*")
    return access


class View(APIView):
    """A plain API view. Subclasses say `access`, `scope_read`, `scope_write`."""

    access: ClassVar[Access | Mapping[str, Access] | None] = None
    scope_read: ClassVar[str] = ""
    scope_write: ClassVar[str] = ""
    authentication_classes = (TokenAuthentication, BrowserSession)
    permission_classes = (Declared,)
    throttle_classes: tuple[type[BaseThrottle], ...] = (CallerThrottle,)

    def dispatch(self, request: HttpRequest, *args: Any, **kwargs: Any) -> Any:
        """Times of the API are UTC, whatever the caller's own zone (ARCHITECTURE 13)."""
        with timezone.override(UTC):
            return super().dispatch(request, *args, **kwargs)

    @property
    def actor(self) -> Actor:
        """Who calls; only behind a door that is not public."""
        found: Actor = self.request._request.actor  # type: ignore[attr-defined]  # noqa: SLF001  # set by middleware or token
        return found

    def act(self, work: Work, *, hidden: Sequence[str] = ()) -> Response:
        """One command in the API's door; see `accounts.rest.act`."""
        return act(self.request, work, hidden=hidden)

    def done(self, command: Callable[..., object], *about: Any, **values: Any) -> Response:
        """One command of which nothing is to be shown: 204."""

        def work(at: datetime) -> Response:
            command(*about, **values, actor=self.actor, at=at)
            return Response(status=204)

        return self.act(work)


class ViewSet(View, GenericViewSet[Any]):
    """A viewset over queries and commands, with keyset pages (`page_keys`)."""

    pagination_class = KeysetPagination
    lookup_value_regex = "[^/.]+"
