"""Lists that go out as CSV or Excel and come in again: each room registers its own, one mechanism serves all (X8)."""

from collections.abc import Iterable, Iterator, Mapping, Sequence
from datetime import datetime
from typing import TYPE_CHECKING, Any, ClassVar, TypeVar

from django.db.models import Model, QuerySet
from django.db.models.functions import Lower

from kernel.actor import Actor
from kernel.spreadsheets.columns import Column, folded
from kernel.spreadsheets.writing import Cell

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

    from kernel.spreadsheets.planning import PlannedRow

MOST_ROWS = 5_000
Key = tuple[str, ...]


class Sheet:
    """One list. A room subclasses it in its `sheets.py` and registers an instance; nothing here touches the database.

    `edit` is the permission that taking rows in needs (the command behind `save` asks again), `readers` are those of
    which one lets people take the list out. `page` is the URL name of the list, `parent` the column that names another
    row of the same file.
    """

    code: ClassVar[str] = ""
    label: ClassVar["StrOrPromise"] = ""
    about: ClassVar["StrOrPromise"] = ""
    note: ClassVar["StrOrPromise"] = ""
    edit: ClassVar[str] = ""
    readers: ClassVar[tuple[str, ...]] = ()
    page: ClassVar[str] = ""
    parent: ClassVar[str] = ""
    is_exported: ClassVar[bool] = True
    most_rows: ClassVar[int] = MOST_ROWS
    plain_columns: ClassVar[tuple[Column, ...]] = ()

    def columns(self) -> tuple[Column, ...]:
        """The columns, those of the key among them."""
        return self.plain_columns

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """What the columns name, by column and folded key: a few statements, however many rows."""
        del rows, actor
        return {}

    def all(self, actor: Actor) -> Iterable[Any]:
        """Every row that an export shows, in a steady order."""
        raise NotImplementedError

    def find(self, keys: Sequence[Key]) -> Iterable[Any]:
        """The rows with these folded keys (others do no harm): a few statements, however many keys."""
        raise NotImplementedError

    def values(self, found: Any) -> Mapping[str, Any]:
        """The value of each column of a row."""
        raise NotImplementedError

    def faults(self, row: "PlannedRow") -> Iterable[str]:
        """What is wrong with the row as a whole, in sentences. May complete `row.values` (a column that only adds)."""
        del row
        return ()

    def left_alone(self, row: "PlannedRow") -> str:
        """Why a row is left as it is, without being wrong; empty when it is not."""
        del row
        return ""

    def save(self, row: "PlannedRow", *, actor: Actor, at: datetime) -> None:
        """Add or change the row by the command that the browser uses. Refused as the command refuses."""
        raise NotImplementedError

    def key_columns(self) -> tuple[Column, ...]:
        """The columns that together say which row is meant."""
        return tuple(column for column in self.plain_columns if column.is_key)

    def key_of(self, found: Any) -> Key:
        """The folded key of a row."""
        values = self.values(found)
        return tuple(folded(column.text(values[column.name])) for column in self.key_columns())

    def header(self) -> list[str]:
        """The names of the columns, as the first line of a file."""
        return [column.name for column in self.columns()]

    def lines(self, found: Iterable[Any]) -> Iterator[list[Cell]]:
        """Rows as lines of a file."""
        columns = self.columns()
        for each in found:
            values = self.values(each)
            yield [column.show(values[column.name]) for column in columns]


def merged(row: "PlannedRow", sheet: Sheet) -> dict[str, Any]:
    """Every column's value as it is after the row: given cells over what stands there, or over what a new row gets."""
    if row.found is not None:
        return {**sheet.values(row.found), **row.values}
    return {**{column.name: column.empty for column in sheet.columns()}, **row.values}


Row = TypeVar("Row", bound=Model)


def named_in(rows: QuerySet[Row], column: str, texts: Iterable[str]) -> QuerySet[Row]:
    """Those of the rows whose column has one of the texts; capitals and spaces around do not count."""
    wanted = {folded(text) for text in texts} - {""}
    with_key: Any = rows.alias(_folded=Lower(column))
    found: QuerySet[Row] = with_key.filter(_folded__in=wanted)
    return found


_sheets: dict[str, Sheet] = {}


def register_sheet(*sheets: Sheet) -> None:
    """Make lists known; a code twice is a programming error."""
    for sheet in sheets:
        if _sheets.setdefault(sheet.code, sheet) is not sheet:
            message = f"the list {sheet.code} is registered twice"
            raise ValueError(message)


def sheet_named(code: str) -> Sheet | None:
    """The list with that code."""
    return _sheets.get(code)


def all_sheets() -> list[Sheet]:
    """Every list in the order of registration: lower floors first, so that what others name comes first."""
    return list(_sheets.values())
