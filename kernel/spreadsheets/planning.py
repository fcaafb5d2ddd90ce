"""What a file would do, row by row, before anything is done: added, changed, the same, left alone, or a fault."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import tzinfo
from typing import Any

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.spreadsheets.columns import CLEAR, Column, Coming, Given, folded, plain
from kernel.spreadsheets.reading import Table
from kernel.spreadsheets.sheets import Key, Sheet

VERDICTS = ("add", "change", "same", "left", "fault")


@dataclass(slots=True)
class PlannedRow:
    """One row: its line in the file, its key, what stands there now, the values that cells give."""

    line: int
    cells: Mapping[str, str]
    key: Key = ()
    found: Any = None
    values: dict[str, Any] = field(default_factory=dict)
    faults: list[str] = field(default_factory=list)
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    left: str = ""
    columns: Sequence[Column] = ()

    @property
    def verdict(self) -> str:
        """What would happen to the row, in one word."""
        if self.faults:
            return "fault"
        if self.left:
            return "left"
        if self.found is None:
            return "add"
        return "change" if self.differences else "same"

    @property
    def is_to_do(self) -> bool:
        """Whether taking the file in touches the row."""
        return self.verdict in ("add", "change")


@dataclass(slots=True)
class Plan:
    """What a file would do. `problems` are about the file as a whole; with any nothing can be taken in."""

    sheet: Sheet
    rows: list[PlannedRow] = field(default_factory=list)
    problems: list[str] = field(default_factory=list)
    unread: list[str] = field(default_factory=list)

    def count(self, verdict: str) -> int:
        """How many rows have this verdict."""
        return sum(1 for row in self.rows if row.verdict == verdict)

    @property
    def counts(self) -> dict[str, int]:
        """How many rows have each verdict."""
        found = Counter(row.verdict for row in self.rows)
        return {verdict: found[verdict] for verdict in VERDICTS}

    @property
    def to_do(self) -> list[PlannedRow]:
        """The rows that would be saved, each after those that it names."""
        return _in_order([row for row in self.rows if row.is_to_do], self.sheet.parent)

    @property
    def is_ready(self) -> bool:
        """Whether it can be taken in: no faults, and something to do."""
        return not self.problems and not self.count("fault") and any(row.is_to_do for row in self.rows)

    @property
    def digest(self) -> str:
        """What the plan would do in a few letters: another one means that the list or the file has changed."""
        told = [(row.key, row.verdict, row.differences, sorted(row.cells.items())) for row in self.rows]
        return hashlib.sha256(repr((told, self.problems)).encode()).hexdigest()[:16]


def _in_order(rows: list[PlannedRow], parent: str) -> list[PlannedRow]:
    """Rows that name a row of the same file come behind it; a circle was a fault before."""
    waiting = {row.key[0]: row for row in rows} if parent else {}
    done: list[PlannedRow] = []

    def put(row: PlannedRow) -> None:
        above: list[PlannedRow] = []
        key: str | None = row.key[0]
        while key is not None and (each := waiting.pop(key, None)) is not None:
            above.append(each)
            named = each.values.get(parent)
            key = named.key if isinstance(named, Coming) else None
        done.extend(reversed(above))

    if not parent:
        return rows
    for row in rows:
        put(row)
    return done


def plan(sheet: Sheet, table: Table, *, actor: Actor, zone: tzinfo) -> Plan:
    """What the table would do to the list, in a few statements however many rows. Changes nothing."""
    made = Plan(sheet, problems=[_(each.message) % each.params for each in table.problems])
    columns = sheet.columns()
    names = _names(columns, table.header)
    made.unread = [name for name in table.header if name not in names]
    made.problems += _missing(sheet, set(names.values())) if table.header else []
    if not table.rows and not made.problems:
        made.problems.append(_("The file has no rows below the names of the columns."))
    if made.problems:
        return made
    made.rows = [
        PlannedRow(row.line, {names[name]: text for name, text in row.cells.items() if name in names})
        for row in table.rows
    ]
    _read(made, columns, actor, zone)
    return made


def _names(columns: Iterable[Column], header: Sequence[str]) -> dict[str, str]:
    """The file's names of columns → ours; capitals and spaces do not count."""
    ours = {alias: column.name for column in columns for alias in column.aliases}
    ours |= {folded(column.name): column.name for column in columns}
    found: dict[str, str] = {}
    for name in header:
        own = ours.get(folded(name).replace(" ", "_"))
        if own is not None and own not in found.values():
            found[name] = own
    return found


def _missing(sheet: Sheet, given: set[str]) -> list[str]:
    lacking = [column.name for column in sheet.key_columns() if column.name not in given and column.is_needed]
    said = _("The file needs a column named %(name)s: it says which row is meant. The columns are: %(all)s.")
    return [said % {"name": name, "all": ", ".join(sheet.header())} for name in lacking]


def _read(made: Plan, columns: Sequence[Column], actor: Actor, zone: tzinfo) -> None:
    sheet = made.sheet
    key_names = [column.name for column in sheet.key_columns()]
    coming = frozenset(folded(row.cells.get(key_names[0], "")) for row in made.rows) if sheet.parent else frozenset()
    given = Given(zone=zone, known=sheet.known([row.cells for row in made.rows], actor), coming=coming)
    keys = [column for column in columns if column.is_key]
    for row in made.rows:
        for column in keys:
            _read_cell(row, column, given)
        row.key = tuple(folded(c.text(row.values[c.name])) if c.name in row.values else "" for c in keys)
    _find_doubles(made.rows, key_names)
    _find(sheet, made.rows)
    rest = [column for column in columns if not column.is_key]
    for row in made.rows:
        for column in rest:
            _read_cell(row, column, given)
        row.columns = columns
        _judge(sheet, row)
    if sheet.parent:
        _find_circles(made.rows, sheet.parent)


def _read_cell(row: PlannedRow, column: Column, given: Given) -> None:
    text = row.cells.get(column.name, "")
    if not text:
        if column.is_key and column.is_needed:
            row.faults.append(
                _("Column %(name)s: write it, because it says which row is meant.") % {"name": column.name}
            )
        elif column.is_key:
            row.values[column.name] = column.empty
        return
    if text == CLEAR and column.may_clear:
        row.values[column.name] = column.empty
        return
    try:
        row.values[column.name] = column.read(text, given)
    except ValueError as fault:
        row.faults.append(_("Column %(name)s: %(reason)s") % {"name": column.name, "reason": fault})


def _find_doubles(rows: Sequence[PlannedRow], names: Sequence[str]) -> None:
    first: dict[Key, int] = {}
    for row in rows:
        if row.faults:
            continue
        line = first.setdefault(row.key, row.line)
        if line != row.line:
            said = _("This row stands in line %(line)s already (the same %(names)s). Keep one of them.")
            row.faults.append(said % {"line": line, "names": ", ".join(names)})


def _find(sheet: Sheet, rows: Sequence[PlannedRow]) -> None:
    standing = {sheet.key_of(each): each for each in sheet.find([row.key for row in rows if not row.faults])}
    for row in rows:
        row.found = standing.get(row.key)


def _judge(sheet: Sheet, row: PlannedRow) -> None:
    if row.found is None:
        for column in row.columns:
            if column.is_needed and not column.is_key and not row.cells.get(column.name):
                row.faults.append(_("Column %(name)s: a new row needs it.") % {"name": column.name})
    row.faults += sheet.faults(row)
    if not row.faults:
        row.left = sheet.left_alone(row)
        row.differences = differences(sheet, row)


def differences(sheet: Sheet, row: PlannedRow) -> list[tuple[str, str, str]]:
    """(column, now, then) of each cell that would change something; of a new row its filled cells."""
    values = sheet.values(row.found) if row.found is not None else None
    found = []
    for column in row.columns:
        if column.name not in row.values or (column.is_key and values is not None):
            continue
        after = column.text(row.values[column.name])
        before = column.text(values[column.name]) if values is not None else ""
        if before == after or (values is not None and row.cells.get(column.name) == before):
            continue
        found.append((column.name, before, after))
    return found


def _find_circles(rows: Sequence[PlannedRow], parent: str) -> None:
    above = {row.key[0]: plain(_parent_key(row, parent)) for row in rows if not row.faults}
    for row in rows:
        seen, key = set(), row.key[0]
        while key in above and key not in seen:
            seen.add(key)
            key = above[key]
        if not row.faults and key == row.key[0] and key in seen:
            row.faults.append(_("Column %(name)s: nothing stands below itself.") % {"name": parent})


def _parent_key(row: PlannedRow, parent: str) -> str:
    named = row.values.get(parent)
    return named.key if isinstance(named, Coming) else folded(row.cells.get(parent, ""))


def fresh(sheet: Sheet, row: PlannedRow) -> PlannedRow:
    """The row compared with what stands there now; values of cells stay as they were read."""
    now = {sheet.key_of(each): each for each in sheet.find([row.key])}.get(row.key)
    again = replace(row, found=now)
    again.differences = differences(sheet, again)
    return again
