"""What the sign-in library asks us: nobody signs up alone, where people land, what a new session knows."""

from allauth.account.adapter import DefaultAccountAdapter
from allauth.core import context
from allauth.mfa.adapter import DefaultMFAAdapter
from django.conf import settings
from django.http import HttpRequest, HttpResponse
from django.urls import reverse
from django.utils.translation import gettext_lazy as _

from accounts import options
from accounts.models import User
from accounts.queries.settings import setting
from accounts.signin import sessions, throttle
from kernel.sealed import seal, unseal


class AccountAdapter(DefaultAccountAdapter):
    """Sign-in with our sessions, addresses and words."""

    error_messages = {
        **DefaultAccountAdapter.error_messages,
        "email_password_mismatch": _("E-mail and password do not match. Check both and try again."),
        "too_many_login_attempts": _("Too many attempts from here. Wait a quarter of an hour, then try again."),
    }

    def is_open_for_signup(self, request: HttpRequest) -> bool:
        """Accounts are made by an administrator or an import, never by the person."""
        return False

    def login(self, request: HttpRequest, user: User) -> None:
        """Start a session with a new key; its limits count from now."""
        super().login(request, user)
        sessions.begin(
            request.session,
            address=throttle.client_address(request),
            browser=request.headers.get("User-Agent", ""),
            idle_minutes=setting(options.KEY, options.SignInOptions).idle_minutes,
        )

    def post_login(self, request: HttpRequest, user: User, **hook: object) -> HttpResponse:
        """Remember this browser, so that guesses made elsewhere do not lock its owner out."""
        response: HttpResponse = super().post_login(request, user, **hook)
        throttle.trust(response, user)
        return response

    def is_reauthentication_required(self, *, app: str) -> bool:
        """Whether the password is asked again; not from somebody who has just signed in with it."""
        return not sessions.is_fresh(context.request.session, seconds=settings.ACCOUNT_REAUTHENTICATION_TIMEOUT)

    def get_login_redirect_url(self, request: HttpRequest) -> str:
        """The first page, which sends everybody to their own."""
        return reverse("home")

    def get_client_ip(self, request: HttpRequest) -> str:
        """The address that the connection comes from, or that a known proxy names."""
        return throttle.client_address(request) or "0.0.0.0"  # noqa: S104  # no address, not a bind

    def add_message(self, *args: object, **kwargs: object) -> None:
        """Only what changed is said, by our own pages; "you have signed in" is visible as it is."""


class SecondFactorAdapter(DefaultMFAAdapter):
    """The shared secret of the second factor is stored encrypted with the signing key."""

    def get_totp_issuer(self) -> str:
        """The name that the authenticator app shows."""
        return "Spindel"

    def encrypt(self, text: str) -> str:
        """The text sealed with a key that is not in the database."""
        return seal(text, "second factor")

    def decrypt(self, encrypted_text: str) -> str:
        """The text again; what was sealed by another key cannot be read."""
        return unseal(encrypted_text, "second factor")
