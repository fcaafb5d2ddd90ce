"""API tokens: made, shown once, replaced with an overlap, revoked (RELIABILITY 5.3: stored as a digest)."""

import hashlib
import secrets
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import datetime, timedelta

from django.db.models import Q
from django.utils.translation import gettext as _

from accounts import events, options
from accounts.models import Token, User
from accounts.policies import require
from accounts.queries.settings import setting
from accounts.roles import SCOPES, Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, NotAllowed, Unprocessable

BRAND = "spd"
OVERLAP = timedelta(hours=24)
USE_EVERY = timedelta(minutes=1)


@dataclass(frozen=True, slots=True)
class MadeToken:
    """A new token and the text that opens with it, which is nowhere else."""

    token: Token
    text: str


def digest_of(secret: str) -> str:
    """What is stored of a token's secret part. 256 random bits need no salt and no slow hash."""
    return hashlib.sha256(secret.encode()).hexdigest()


@command
def make_token(
    user: User, *, name: str, scopes: Sequence[str], actor: Actor, at: datetime, expires_at: datetime | None = None
) -> MadeToken:
    """A token that acts as `user` within the scopes. Without `expires_at` it lasts as long as the settings say.

    NotAllowed when a token asks for scopes that it does not have itself.
    """
    require(actor, Permission.TOKENS_EDIT)
    _require_scopes(actor, scopes)
    _check(name, scopes, expires_at, at)
    days = setting(options.KEY, options.SignInOptions).token_days
    made = _make(user, name, scopes, expires_at or at + timedelta(days=days), actor, at)
    _note(made.token, events.TOKEN_MADE, actor, at)
    return made


@command
def rotate_token(token: Token, *, actor: Actor, at: datetime, overlap: timedelta = OVERLAP) -> MadeToken:
    """A new token in the place of the old one, which goes on working for the overlap. Conflict when it is not valid."""
    require(actor, Permission.TOKENS_EDIT)
    old = Token.objects.select_for_update(no_key=True).select_related("user").get(pk=token.pk)
    if old.revoked_at or old.replaced_by_id or (old.expires_at and old.expires_at <= at):
        raise Conflict(_("This token no longer works, so it cannot be replaced. Make a new one."))
    _require_scopes(actor, old.scopes)
    lifetime = (old.expires_at - old.created_at) if old.expires_at else None
    made = _make(old.user, old.name, old.scopes, at + lifetime if lifetime else None, actor, at)
    ends = at + overlap
    old.replaced_by = made.token
    old.expires_at = min(old.expires_at, ends) if old.expires_at else ends
    old.save(update_fields=["replaced_by", "expires_at"])
    _note(old, events.TOKEN_ROTATED, actor, at)
    return made


@command
def revoke_token(token: Token, *, actor: Actor, at: datetime) -> None:
    """The token stops working now; revoking twice changes nothing."""
    require(actor, Permission.TOKENS_EDIT)
    if Token.objects.filter(pk=token.pk, revoked_at=None).update(revoked_at=at):
        _note(token, events.TOKEN_REVOKED, actor, at)


def note_token_use(token: Token, *, at: datetime) -> None:
    """Remember that the token was used, at most once a minute, in a statement of its own before the command."""
    if token.last_used_at is None or at - token.last_used_at > USE_EVERY:
        stale = Q(last_used_at=None) | Q(last_used_at__lt=at - USE_EVERY)
        Token.objects.filter(stale, pk=token.pk).update(last_used_at=at)


def _require_scopes(actor: Actor, scopes: Sequence[str]) -> None:
    """Whoever holds one token gets no further with it than it goes, not by another one either."""
    if actor.scopes is not None and not set(scopes) <= actor.scopes:
        raise NotAllowed(_("A token gives no scopes that it does not have itself. Sign in with a browser."))


def _check(name: str, scopes: Sequence[str], expires_at: datetime | None, at: datetime) -> None:
    faults: dict[str, list[str]] = {}
    if not name.strip():
        faults["name"] = [_("Give the token a name that says what uses it.")]
    if not scopes or not set(scopes) <= set(SCOPES):
        faults["scopes"] = [_("Choose at least one of the scopes of the list.")]
    if expires_at is not None and expires_at <= at:
        faults["expires_at"] = [_("Choose a time that is still to come.")]
    if faults:
        raise Unprocessable(_("The token was not made."), fields=faults)


def _make(
    user: User, name: str, scopes: Sequence[str], expires_at: datetime | None, actor: Actor, at: datetime
) -> MadeToken:
    prefix, secret = secrets.token_hex(5), secrets.token_urlsafe(32)
    token = Token.objects.create(
        user=user, name=name.strip()[:80], prefix=prefix, digest=digest_of(secret), scopes=sorted(scopes),
        created_by_id=actor.id or None, created_at=at, expires_at=expires_at,
    )  # fmt: skip
    return MadeToken(token, f"{BRAND}_{prefix}_{secret}")


def _note(token: Token, code: str, actor: Actor, at: datetime) -> None:
    journal.note(
        ("user", token.user_id), code, actor=actor, at=at, token=token.pk, name=token.name, scopes=token.scopes
    )
