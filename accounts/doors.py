"""Who may knock at a view. Every view says it with one of these; a view that says nothing answers nobody.

`accounts.middleware.DoorMiddleware` reads the declaration before the view runs, so that a decorator lost on the way
closes the door instead of opening it. What a person may do inside is asked again by the command.
"""

from collections.abc import Callable
from dataclasses import dataclass
from enum import StrEnum
from typing import Any, TypeVar, cast

from django.http import HttpRequest

from kernel.actor import Actor

View = TypeVar("View", bound=Callable[..., Any])


class Who(StrEnum):
    """The three kinds of door."""

    PUBLIC = "public"
    SIGNED_IN = "signed in"
    ALLOWED = "allowed"


@dataclass(frozen=True, slots=True)
class Access:
    """What a view declares: who may knock, and for ALLOWED the permissions of which one is needed in some team."""

    who: Who
    permissions: tuple[str, ...] = ()

    def admits(self, actor: Actor | None) -> bool:
        """Whether this actor (None: nobody signed in) comes through."""
        if self.who is Who.PUBLIC:
            return True
        if actor is None:
            return False
        return not self.permissions or any(actor.may_somewhere(permission) for permission in self.permissions)


PUBLIC = Access(Who.PUBLIC)
SIGNED_IN = Access(Who.SIGNED_IN)


class ActorRequest(HttpRequest):
    """A request behind a door that is not public: somebody is there. For annotations only."""

    actor: Actor


def public(view: View) -> View:
    """Anybody, signed in or not: health, sign-in, and nothing that shows data."""
    return _declare(view, PUBLIC)


def signed_in(view: View) -> View:
    """Anybody who is signed in; anonymous people go to the sign-in page (401 for htmx and the API)."""
    return _declare(view, SIGNED_IN)


def allowed(*permissions: str) -> Callable[[View], View]:
    """Only people who hold one of the permissions somewhere; others get 403 with the reason."""
    return lambda view: _declare(view, Access(Who.ALLOWED, permissions))


def _declare(view: View, access: Access) -> View:
    view.access = access  # type: ignore[attr-defined]  # functions carry attributes
    return view


def declared_access(view: Any, route: str = "") -> Access | None:
    """What the view declares, or what is written down for a library's route; None closes the door."""
    of_api = getattr(view, "cls", None)
    if of_api is not None:  # asked by its permission class, once the token is read
        is_asked = any(getattr(each, "asks_access", False) for each in of_api.permission_classes)
        return getattr(of_api, "access", None) if is_asked else None
    return cast("Access | None", getattr(view, "access", None)) or LIBRARY_ROUTES.get(route)


LIBRARY_ROUTES: dict[str, Access] = {
    "account_login": PUBLIC,
    "account_logout": PUBLIC,
    "account_inactive": PUBLIC,
    "account_reset_password": PUBLIC,
    "account_reset_password_done": PUBLIC,
    "account_reset_password_from_key": PUBLIC,
    "account_reset_password_from_key_done": PUBLIC,
    "account_reauthenticate": SIGNED_IN,
    "account_change_password": SIGNED_IN,
    "mfa_authenticate": PUBLIC,
    "mfa_reauthenticate": SIGNED_IN,
    "mfa_index": SIGNED_IN,
    "mfa_activate_totp": SIGNED_IN,
    "mfa_deactivate_totp": SIGNED_IN,
    "mfa_view_recovery_codes": SIGNED_IN,
    "mfa_generate_recovery_codes": SIGNED_IN,
    "mfa_download_recovery_codes": SIGNED_IN,
}
"""Routes of libraries that are open on purpose. Everything else of theirs (sign-up, e-mail pages) stays closed."""

SECOND_FACTOR_SETUP = frozenset(
    name for name in LIBRARY_ROUTES if name.startswith("mfa_") or name in ("account_logout", "account_reauthenticate")
) | {"session"}
"""What somebody who still has to set up a required second factor may open."""
