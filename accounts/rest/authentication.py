"""Who calls the API: a token in the Authorization header, else the browser's session."""

import hmac
from typing import Any

from django.http import HttpRequest
from django.utils import translation
from django.utils.translation import gettext as _
from drf_spectacular.extensions import OpenApiAuthenticationExtension
from rest_framework.authentication import BaseAuthentication, SessionAuthentication
from rest_framework.exceptions import AuthenticationFailed
from rest_framework.request import Request

from accounts.commands.tokens import BRAND, digest_of, note_token_use
from accounts.models import Token, User
from accounts.queries.actors import actor_for, token_with_rights
from accounts.queries.settings import settings_seen


class TokenAuthentication(BaseAuthentication):
    """`Authorization: Bearer spd_…`. One statement; "last used" is written before the command, once a minute."""

    def authenticate(self, request: Request) -> tuple[User, Token] | None:
        """The token's user, None without the header, 401 in words for a token that does not work."""
        scheme, _space, text = request.headers.get("Authorization", "").partition(" ")
        if scheme.lower() not in ("bearer", "token") or not text:
            return None
        token = _token(text.strip())
        translation.activate(token.user.language)
        underlying: Any = request._request  # noqa: SLF001  # middleware and views read the same actor
        underlying.actor = actor_for(token.user, scopes=token.scopes)
        return token.user, token

    def authenticate_header(self, request: Request) -> str:
        """What a 401 asks for."""
        return 'Bearer realm="Spindel"'


def _token(text: str) -> Token:
    brand, _bar, rest = text.partition("_")
    prefix, _bar, secret = rest.partition("_")
    found = token_with_rights(prefix) if brand == BRAND and secret else None
    known = found[0].digest if found else digest_of("")
    if not hmac.compare_digest(known, digest_of(secret)) or found is None:
        raise AuthenticationFailed(_("This token does not exist. Copy it again, or make a new one."))
    token, at = found
    if token.revoked_at is not None or (token.expires_at is not None and token.expires_at <= at):
        raise AuthenticationFailed(_("This token has ended. Make a new one."))
    if not token.user.is_active:
        raise AuthenticationFailed(_("The account of this token is switched off."))
    settings_seen(vars(token)["loaded_settings_version"])
    note_token_use(token, at=at)
    return token


class BrowserSession(SessionAuthentication):
    """The signed-in browser, with Django's protection against forged requests."""

    def authenticate(self, request: Request) -> tuple[Any, None] | None:
        """The session's user; the middleware has already looked whether the account may be used."""
        underlying: HttpRequest = request._request  # noqa: SLF001  # as the base class does
        if getattr(underlying, "actor", None) is None:
            return None
        self.enforce_csrf(request)
        return underlying.user, None


class TokenScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # of the library
    """How the schema describes the token."""

    target_class = TokenAuthentication
    name = "token"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A bearer token."""
        return {"type": "http", "scheme": "bearer", "bearerFormat": "spd_…"}


class SessionScheme(OpenApiAuthenticationExtension):  # type: ignore[no-untyped-call]  # of the library
    """How the schema describes the browser's session."""

    target_class = BrowserSession
    name = "session"

    def get_security_definition(self, auto_schema: Any) -> dict[str, str]:
        """A cookie."""
        return {"type": "apiKey", "in": "cookie", "name": "sessionid"}
