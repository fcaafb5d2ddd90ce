"""Tables that people bring: CSV from any Excel, in any of the usual encodings, and Excel workbooks.

Nothing is guessed silently: the table says how the file was read, and each row that cannot be used has its line and a
sentence. What the cells mean is for whoever imports them.
"""

import csv
import io
import re
import zipfile
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, datetime, time
from typing import NamedTuple

from openpyxl import load_workbook

from kernel.spreadsheets.encodings import decoded
from kernel.spreadsheets.guard import unguarded
from kernel.workflow import gettext_noop

MOST_BYTES = 20 * 1024 * 1024
MOST_UNPACKED = 64 * 1024 * 1024
MOST_MARKS = 3_000_000
"""Markup costs more than text: 460 KB of packed empty elements took two minutes and a gigabyte. Enough for 50,000
rows of fifteen cells."""
MOST_ROWS = 50_000
MOST_COLUMNS = 200
DELIMITERS = (";", "\t", ",", "|")

TOO_MANY_ROWS = gettext_noop("Only %(limit)s rows are read at a time. Split the file.")
UNREADABLE_XLSX = gettext_noop("The workbook cannot be read. Save it again as .xlsx or as CSV.")
UNREADABLE_CSV = gettext_noop(
    "From line %(line)s on the file cannot be read: a quotation mark is not closed or stands inside a cell, "
    "or a cell is too long."
)

_QUOTED = re.compile(r'"(?:[^"]|"")*"')
_SAID_DELIMITER = re.compile(r"sep=(.)\r?\n", re.IGNORECASE)


class Problem(NamedTuple):
    """What is wrong in a line of the file; `message` is a message id with `params`."""

    line: int
    message: str
    params: Mapping[str, object]

    def __str__(self) -> str:
        """The sentence in English."""
        return self.message % self.params


class Row(NamedTuple):
    """The cells of a line by the name of their column, trimmed; a column without a cell is empty."""

    line: int
    cells: Mapping[str, str]


@dataclass(frozen=True, slots=True)
class Table:
    """What was read, how, and what could not be."""

    header: tuple[str, ...]
    rows: tuple[Row, ...]
    problems: tuple[Problem, ...]
    encoding: str
    delimiter: str


class _Stop(Exception):
    """Nothing after this problem can be read."""

    def __init__(self, line: int, message: str, **params: object) -> None:
        self.problem = Problem(line, message, {"line": line, **params})
        super().__init__(str(self.problem))


Line = tuple[int, Sequence[str]]


def read_table(content: bytes, *, most_rows: int = MOST_ROWS) -> Table:
    """The table in a CSV file or on the first sheet of an Excel workbook. Never raises for what is in the file."""
    encoding, delimiter = "", ""
    try:
        if len(content) > MOST_BYTES:
            raise _Stop(1, gettext_noop("The file is larger than %(limit)s MB. Split it."), limit=MOST_BYTES >> 20)
        if content.startswith(b"PK\x03\x04"):
            encoding = "Excel"
            lines = _excel_lines(content)
        else:
            text, encoding = decoded(content)
            text, delimiter, skipped = _delimiter(text)
            lines = _csv_lines(text, delimiter, skipped)
        return _table(lines, encoding, delimiter, most_rows)
    except _Stop as stop:
        return Table((), (), (stop.problem,), encoding, delimiter)


def _table(lines: Iterator[Line], encoding: str, delimiter: str, most_rows: int) -> Table:
    filled = ((line, cells) for line, cells in lines if any(cells))
    line, names = next(filled, (1, ()))
    header = _header(line, names)
    rows: list[Row] = []
    problems: list[Problem] = []
    try:
        for line, cells in filled:
            if len(rows) + len(problems) >= most_rows:
                raise _Stop(line, TOO_MANY_ROWS, limit=most_rows)
            if any(cells[len(header) :]):
                problems.append(_too_wide(line, len(header), cells))
            else:
                padded = (*cells, *("" for _ in header))
                rows.append(Row(line, dict(zip(header, padded, strict=False))))
    except _Stop as stop:
        problems.append(stop.problem)
    return Table(header, tuple(rows), tuple(problems), encoding, delimiter)


def _header(line: int, names: Sequence[str]) -> tuple[str, ...]:
    while names and not names[-1]:
        names = names[:-1]
    if not names:
        raise _Stop(line, gettext_noop("The file is empty. The first line names the columns."))
    if len(names) > MOST_COLUMNS:
        raise _Stop(line, gettext_noop("The file has more than %(limit)s columns."), limit=MOST_COLUMNS)
    seen: set[str] = set()
    for at, name in enumerate(names, start=1):
        if not name:
            raise _Stop(line, gettext_noop("Column %(column)s has no name. Name it in the first line."), column=at)
        if name.casefold() in seen:
            raise _Stop(line, gettext_noop("Two columns are named “%(name)s”. Rename or remove one."), name=name)
        seen.add(name.casefold())
    return tuple(names)


def _too_wide(line: int, width: int, cells: Sequence[str]) -> Problem:
    message = gettext_noop("Line %(line)s has %(found)s cells, but only %(width)s columns have names.")
    return Problem(line, message, {"line": line, "found": len(cells), "width": width})


def _delimiter(text: str) -> tuple[str, str, int]:
    """The text without Excel's `sep=` line, what separates its cells, and how many lines were taken away."""
    if said := _SAID_DELIMITER.match(text):
        return text[said.end() :], said[1], 1
    unquoted = _QUOTED.sub("", text[:65_536])
    head = next((line for line in unquoted.splitlines() if line.strip()), "")
    return text, max(DELIMITERS, key=head.count) if any(mark in head for mark in DELIMITERS) else ",", 0


def _csv_lines(text: str, delimiter: str, skipped: int) -> Iterator[Line]:
    reader = csv.reader(io.StringIO(text, newline=""), delimiter=delimiter, strict=True)
    while True:
        line = skipped + reader.line_num + 1  # a cell in quotes may go over several lines: name the first
        try:
            cells = next(reader)
        except StopIteration:
            return
        except csv.Error as fault:
            raise _Stop(line, UNREADABLE_CSV) from fault
        yield line, [unguarded(cell).strip() for cell in cells]


def _ask_size(parts: zipfile.ZipFile) -> None:
    """Stop before a workbook is read that is small only while it is packed."""
    too_large = _Stop(1, gettext_noop("The workbook is too large when unpacked. Save it as CSV."))
    if sum(part.file_size for part in parts.infolist()) > MOST_UNPACKED:
        raise too_large
    marks = 0
    for part in parts.infolist():
        with parts.open(part) as stream:
            while piece := stream.read(1 << 20):
                marks += piece.count(b"<")
                if marks > MOST_MARKS:
                    raise too_large


def _excel_lines(content: bytes) -> Iterator[Line]:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as parts:
            _ask_size(parts)
        workbook = load_workbook(io.BytesIO(content), read_only=True, data_only=True, keep_links=False)
        sheet = workbook.worksheets[0]
        sheet.reset_dimensions()  # what the file says of its own size is not to be believed
        rows: Iterable[Sequence[object]] = sheet.iter_rows(max_col=MOST_COLUMNS + 1, values_only=True)
        for line, row in enumerate(rows, start=1):
            if line > 2 * MOST_ROWS:
                raise _Stop(line, TOO_MANY_ROWS, limit=MOST_ROWS)  # a gap of a million lines is read as empty ones
            if any(value is not None for value in row):
                yield line, [_shown(value) for value in row]
    except _Stop:
        raise
    except Exception as fault:  # a damaged workbook fails in many ways inside the libraries
        raise _Stop(1, UNREADABLE_XLSX) from fault


def _shown(value: object) -> str:
    """A cell as a person reads it: whole numbers without a point, dates in ISO."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, float) and value.is_integer():
        return str(int(value))
    if isinstance(value, datetime) and value.time() == time():
        return value.date().isoformat()
    if isinstance(value, datetime | date | time):
        return value.isoformat(" ") if isinstance(value, datetime) else value.isoformat()
    return str(value).strip()
