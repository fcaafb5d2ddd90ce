"""Guesses slowed down: five failures for an account, then a pause of a quarter of an hour (RELIABILITY 5.3).

Counted in PostgreSQL by django-axes. Strangers share one count per account, so that many machines guess no faster
than one: at most 20 guesses an hour. A browser in which the person has signed in before has its own count per
address, so that strangers cannot lock the owner out.
"""

import hashlib
from datetime import timedelta
from typing import Any

from django.conf import settings
from django.core import signing
from django.http import HttpRequest, HttpResponse
from django.shortcuts import render

from accounts.models import User

TRUST_COOKIE = "spindel_browser"
TRUST_DAYS = 90
FACTOR_PREFIX = "second factor of "


def client_address(request: HttpRequest) -> str | None:
    """Where the request comes from: the connection, or what the last of our own proxies wrote down."""
    hops = [hop.strip() for hop in request.META.get("HTTP_X_FORWARDED_FOR", "").split(",") if hop.strip()]
    proxies: int = settings.SPINDEL_PROXIES
    if proxies and len(hops) >= proxies:
        return str(hops[-proxies])
    return str(request.META.get("REMOTE_ADDR") or "") or None


def account_name(request: HttpRequest, credentials: dict[str, Any] | None = None) -> str:
    """What failures are counted by: the e-mail as typed, in lower case, whether or not somebody has it."""
    given = credentials or {}
    name = given.get("email") or given.get("username") or request.POST.get("login") or ""
    return str(name).strip().lower()[:254]


def counted_by(request: Any, credentials: dict[str, Any] | None = None) -> list[str | list[str]]:
    """Strangers are counted together, a known browser by its address."""
    if isinstance(request, HttpRequest) and is_trusted(request, account_name(request, credentials)):
        return [["username", "ip_address"]]
    return ["username"]


def trust(response: HttpResponse, user: User) -> None:
    """Mark the browser as one in which this person has signed in."""
    response.set_cookie(
        TRUST_COOKIE,
        signing.dumps(_mark(user.email or ""), salt=TRUST_COOKIE),
        max_age=timedelta(days=TRUST_DAYS),
        path="/accounts/",
        secure=settings.SESSION_COOKIE_SECURE,
        httponly=True,
        samesite="Lax",
    )


def is_trusted(request: HttpRequest, name: str) -> bool:
    """Whether that account has signed in with this browser in the last 90 days."""
    given = request.COOKIES.get(TRUST_COOKIE)
    name = name.removeprefix(FACTOR_PREFIX)
    if not given or not name:
        return False
    try:
        mark = signing.loads(given, salt=TRUST_COOKIE, max_age=timedelta(days=TRUST_DAYS))
    except signing.BadSignature:
        return False
    return bool(mark == _mark(name))


def _mark(email: str) -> str:
    return hashlib.sha256(email.lower().encode()).hexdigest()[:32]


def locked_out(request: HttpRequest, response: Any = None, credentials: Any = None) -> HttpResponse:
    """429 in words; the same for an account that exists and one that does not."""
    answer = render(request, "account/locked.html", {"minutes": settings.AXES_COOLOFF_TIME.seconds // 60}, status=429)
    answer["Retry-After"] = str(settings.AXES_COOLOFF_TIME.seconds)
    return answer
