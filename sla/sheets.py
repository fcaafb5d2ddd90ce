"""Promises as a list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext_lazy

from accounts.roles import Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import Column, folded, one_of, row_of, whole, words
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged
from records.commands.record import SEQUENCES
from sla.commands import TargetContent, save_target
from sla.models import Metric, Target
from sla.queries import settings

LONGEST = 5000 * 60


def _code(row: Any) -> str:
    return row.code if row is not None else ""


class TargetsSheet(Sheet):
    """How soon answers and solutions are promised."""

    code = "targets"
    label = gettext_lazy("Promised times")
    about = gettext_lazy("How soon answers and solutions are promised, for which records.")
    note = gettext_lazy("Running clocks follow within seconds. A promise ends on its page.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ, Permission.REPORTS_READ)
    page = "sla:targets"
    plain_columns = (
        Column(name="kind", about=gettext_lazy("Kind of record"), read=one_of(SEQUENCES), is_key=True,
               empty="incident"),
        Column(name="metric", about=gettext_lazy("response or resolution"), read=one_of(Metric.values), is_key=True,
               is_needed=True),
        Column(name="priority", about=gettext_lazy("1 to 4; empty for any"), read=whole(1, 4), is_key=True, empty=None),
        Column(name="service", about=gettext_lazy("Code of a service; empty for any"), is_key=True, show=_code,
               read=row_of("service", gettext_lazy("service")), empty=None),
        Column(name="customer", about=gettext_lazy("Unit of the requester; empty for any"), read=words(120),
               is_key=True),
        Column(name="minutes", about=gettext_lazy("Working time in minutes"), read=whole(1, LONGEST), is_needed=True),
        Column(name="calendar", about=gettext_lazy("Code of a working calendar"), is_needed=True, show=_code,
               read=row_of("calendar", gettext_lazy("calendar"))),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Services and calendars in use."""
        del rows, actor
        return {
            "service": {folded(each.code): each for each in settings.services()},
            "calendar": {folded(each.code): each for each in settings.calendars()},
        }

    def all(self, actor: Actor) -> Iterable[Target]:
        """In force."""
        del actor
        return settings.targets()

    def find(self, keys: Sequence[Key]) -> Iterable[Target]:
        """In force; there are few."""
        del keys
        return settings.targets()

    def values(self, found: Target) -> Mapping[str, Any]:
        """For which records, how soon."""
        return {column.name: getattr(found, column.name) for column in self.plain_columns}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the promise's page."""
        values = merged(row, self)
        content = TargetContent(
            kind=values["kind"], metric=values["metric"], minutes=values["minutes"],
            calendar_id=values["calendar"].pk, priority=values["priority"],
            service_id=values["service"].pk if values["service"] else None, customer=values["customer"],
            name=row.found.name if row.found else {},
        )  # fmt: skip
        save_target(row.found, content, actor=actor, at=at)
