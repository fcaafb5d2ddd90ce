"""The frame around every page: who is signed in, what the menus show, the badges (templates/_components/README.md)."""

import json
from collections.abc import Callable, Iterator, Mapping
from typing import Any

from django.db.models.expressions import BaseExpression, Combinable
from django.http import HttpRequest
from django.urls import NoReverseMatch, reverse
from django.utils.functional import cached_property
from django.utils.translation import gettext as _

from accounts.models import User
from accounts.queries.actors import roles_of
from accounts.queries.people import badge_values
from accounts.roles import ROLES, Permission
from kernel.actor import Actor
from kernel.words import initials

Badge = Callable[[Actor], BaseExpression | Combinable]
Shaper = Callable[[Any], Any]
HIGHEST_COUNT = 99
_badges: dict[str, tuple[Badge, Shaper]] = {}


def count_badge(value: int | None) -> str:
    """The number that a badge shows: nothing for none, "99+" above 99."""
    if not value:
        return ""
    return f"{HIGHEST_COUNT}+" if value > HIGHEST_COUNT else str(value)


def badge(key: str, expression: Badge, shape: Shaper = count_badge) -> None:
    """Put a badge into the frame. An app calls this in AppConfig.ready.

    `expression(actor)` is a subquery on its own tables with one value; all badges are read in one statement, and
    only by pages that show them. `shape` turns the value into what the template reads.
    """
    _badges[key] = (expression, shape)


AREAS: dict[str, tuple[str, ...]] = {
    "can_queue": (Permission.WORK_PICK, Permission.WORK_ASSIGN, Permission.RECORD_SEE_ALL),
    "can_calls": (Permission.INCIDENT_LOG, Permission.INCIDENT_WORK, Permission.RECORD_SEE_ALL),
    "can_log": (Permission.INCIDENT_LOG,),
    "can_components": (Permission.REGISTRY_READ,),
    "can_reports": (Permission.REPORTS_READ,),
    "can_settings": (
        Permission.SETTINGS_READ,
        Permission.SETTINGS_EDIT,
        Permission.PEOPLE_EDIT,
        Permission.TOKENS_EDIT,
    ),
}
"""Key of the frame → the permissions of which one shows the area."""


class Frame(Mapping[str, Any]):
    """What the shell's templates read. Facts about the person cost nothing; the first badge costs one statement."""

    def __init__(self, user: User | None, actor: Actor | None) -> None:
        self._user, self._actor = user, actor

    def __getitem__(self, key: str) -> Any:
        if key in self._facts:
            return self._facts[key]
        if self._actor is not None and key in _badges:
            return self._counts[key]
        raise KeyError(key)

    def __iter__(self) -> Iterator[str]:
        return iter([*self._facts, *(_badges if self._actor else ())])

    def __len__(self) -> int:
        return len(list(iter(self)))

    @cached_property
    def _facts(self) -> dict[str, Any]:
        user, actor = self._user, self._actor
        if user is None or actor is None:
            return {"theme": "auto", "density": "normal", "keys": "on"}
        shown = {key: any(actor.may_somewhere(each) for each in needed) for key, needed in AREAS.items()}
        return shown | {
            "user_id": user.pk,
            "user_name": user.name,
            "initials": initials(user.name),
            "role_words": _role_words(user),
            "theme": "auto" if user.theme == "system" else user.theme,
            "density": user.density,
            "keys": user.keys.get("mode", "on"),
            "keymap": json.dumps(user.keys["map"]) if user.keys.get("map") else "",
        }

    @cached_property
    def _counts(self) -> dict[str, Any]:
        if self._actor is None:
            return {}
        values = badge_values(self._actor, {key: make(self._actor) for key, (make, _shape) in _badges.items()})
        return {key: shape(values.get(key)) for key, (_make, shape) in _badges.items()}


def _role_words(user: User) -> str:
    return ", ".join(dict.fromkeys(_(ROLES[code].label) for code, _team in roles_of(user) if code in ROLES))


def frame(request: HttpRequest) -> dict[str, Any]:
    """Context processor: `frame` for every template."""
    actor = getattr(request, "actor", None)
    user = request.user if actor is not None and isinstance(request.user, User) else None
    return {"frame": Frame(user, actor)}


FIRST_PAGES: tuple[tuple[str, tuple[str, ...]], ...] = (
    ("coordination:queue", (Permission.WORK_PICK, Permission.WORK_ASSIGN)),
    ("reports:wall", (Permission.REPORTS_READ,)),
    ("accounts:settings", (Permission.SETTINGS_EDIT, Permission.PEOPLE_EDIT)),
    ("incidents:list", (Permission.RECORD_SEE_ALL, Permission.INCIDENT_WORK)),
    ("records:my_records", ()),
    ("accounts:profile", ()),
)
"""URL name, and the permissions of which one is needed; the first page that exists and fits."""


def first_page(actor: Actor) -> str:
    """The address of the person's own first page."""
    for name, needed in FIRST_PAGES:
        if needed and not any(actor.may_somewhere(permission) for permission in needed):
            continue
        try:
            return reverse(name)
        except NoReverseMatch:
            continue
    return reverse("account_change_password")
