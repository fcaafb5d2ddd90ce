"""Change what an administrator may change: append a version, never overwrite (ARCHITECTURE 13)."""

from dataclasses import asdict
from datetime import datetime
from typing import Any

from django.db import connection
from django.db.models import Subquery
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import Setting
from accounts.policies import require
from accounts.queries.settings import VERSION, forget_settings
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command, forget_version
from kernel.actor import Actor
from kernel.errors import Stale

LOCK = 0x5E771265
"""Versions are read as "the newest id", so rows become visible in the order of their ids: one writer at a time."""


@command
def change_setting(
    key: str, value: Any, *, actor: Actor, at: datetime, seen: int | None = None, permission: str = ""
) -> Setting:
    """Append a new version of the dataclass `value`; needs settings.edit or the narrower `permission`.

    `seen` is the version that the form showed (`queries.setting_version`): Stale (409) when it has moved on.
    """
    require(actor, permission or Permission.SETTINGS_EDIT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [LOCK])
    first = Subquery(Setting.objects.filter(key=key).order_by("version").values("pk")[:1])
    newest = Setting.objects.filter(key=key).annotate(first=first).order_by("version").last()
    version = newest.version if newest else 0
    if seen is not None and seen != version:
        raise Stale(_("Somebody else has changed this setting meanwhile. Load the page again, then change it."))
    before = newest.value if newest else {}
    after = asdict(value)
    row = Setting.objects.create(key=key, value=after, version=version + 1, by_id=actor.id or None, at=at)
    changed = {name: {"old": before.get(name), "new": new} for name, new in after.items() if before.get(name) != new}
    journal.note(
        ("setting", newest.first if newest else row.pk), events.SETTING_CHANGED, actor=actor, at=at,
        key=key, version=row.version, changed=changed,
    )  # fmt: skip
    forget_settings()
    forget_version(VERSION)
    return row
