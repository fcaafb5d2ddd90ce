"""Categories as a list; each process that has categories registers its own."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any, ClassVar

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import (
    Column,
    Coming,
    folded,
    name_columns,
    name_values,
    names_of,
    row_of,
    slug,
    whole,
    yes_no,
)
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from records.commands.category import LONGEST_ESTIMATE, CategoryValues, save_category
from records.models import Category


def _code(row: Any) -> str:
    return row.code if row is not None else ""


class CategoriesSheet(Sheet):
    """What records of one kind are about. A process subclasses it with its `kind`, `code` and words."""

    kind: ClassVar[str] = ""
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ, Permission.RECORD_EDIT)
    parent = "parent"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(60), example="mail", is_key=True, is_needed=True),
        *name_columns(),
        Column(name="parent", about=gettext_lazy("Code of the category above, here or in this file"), show=_code,
               read=row_of("parent", gettext_lazy("category"), may_come=True), may_clear=True, empty=None),
        Column(name="team", about=gettext_lazy("Code of the team that gets the work"), show=_code, may_clear=True,
               read=row_of("team", gettext_lazy("team")), empty=None),
        Column(name="estimate_minutes", about=gettext_lazy("Usual work in minutes"), may_clear=True, empty=None,
               read=whole(1, LONGEST_ESTIMATE)),
        Column(name="is_retired", about=gettext_lazy("No longer used: true or false"), read=yes_no, empty=False),
    )  # fmt: skip

    def _rows(self) -> QuerySet[Category]:
        return Category.objects.filter(kind=self.kind).select_related("parent", "team")

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Categories of the kind, teams in use."""
        del rows, actor
        teams = {folded(team.code): team for team in Team.objects.filter(retired_at=None)}
        return {"parent": {folded(each.code): each for each in self._rows()}, "team": teams}

    def all(self, actor: Actor) -> Iterable[Category]:
        """By code."""
        del actor
        return self._rows().order_by("code")

    def find(self, keys: Sequence[Key]) -> QuerySet[Category]:
        """By code."""
        return named_in(self._rows(), "code", (key[0] for key in keys))

    def values(self, found: Category) -> Mapping[str, Any]:
        """What the category's page says."""
        own = {name: getattr(found, name) for name in ("code", "parent", "team", "estimate_minutes")}
        return own | name_values(found.name) | {"is_retired": found.retired_at is not None}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the category's page; the one above may have come with the same file."""
        values = merged(row, self)
        parent = values["parent"]
        if isinstance(parent, Coming):
            parent = self.find([(parent.key,)]).get()
        content = CategoryValues(
            name=names_of(values), parent=parent, team=values["team"], estimate_minutes=values["estimate_minutes"],
            is_retired=values["is_retired"],
        )  # fmt: skip
        code = row.found.code if row.found else values["code"]
        save_category(row.found, content, kind=self.kind, code=code, actor=actor, at=at)
