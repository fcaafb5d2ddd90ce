"""Tables as CSV, a piece at a time, and as an Excel workbook. Rows come from an iterator, never all in memory."""

import csv
import io
from collections.abc import Iterable, Iterator, Sequence
from datetime import date, datetime, tzinfo
from decimal import Decimal
from typing import Any, BinaryIO

from openpyxl import Workbook
from openpyxl.cell import WriteOnlyCell
from openpyxl.cell.cell import ILLEGAL_CHARACTERS_RE
from openpyxl.styles import Font

from kernel.spreadsheets.guard import guarded

Cell = str | int | float | Decimal | bool | date | datetime | None
"""Anything else is written as its text, so translated labels can be passed as they are."""

XLSX_ROWS = 1_048_576
XLSX_TEXT = 32_767
_BATCH = 200  # rows a piece: few enough to begin at once, enough not to pay for each row
_EXACT = 10**15  # Excel keeps fifteen digits of a number
_FIRST_XLSX_YEAR = 1901


class TooManyRows(ValueError):
    """An Excel sheet holds 1,048,576 rows; a longer table goes out as CSV."""

    def __init__(self) -> None:
        """Say how many fit."""
        super().__init__(f"An Excel sheet holds {XLSX_ROWS} rows")


def csv_pieces(
    header: Sequence[object], rows: Iterable[Sequence[Cell]], *, zone: tzinfo, delimiter: str = ","
) -> Iterator[bytes]:
    """A CSV file in pieces, for a streamed answer: UTF-8 with the mark that Excel needs, all text in quotes.

    Text that a spreadsheet might calculate gets an apostrophe; numbers stay numbers. Times are ISO 8601 in `zone`.
    """
    buffer = io.StringIO(newline="")
    writer = csv.writer(buffer, delimiter=delimiter, quoting=csv.QUOTE_NONNUMERIC, lineterminator="\r\n")
    buffer.write("\ufeff")
    writer.writerow([guarded(str(name)) for name in header])
    for number, row in enumerate(rows, start=1):
        writer.writerow([_csv_cell(value, zone) for value in row])
        if number % _BATCH == 0:
            yield _taken(buffer)
    yield _taken(buffer)


def write_xlsx(
    target: BinaryIO, header: Sequence[object], rows: Iterable[Sequence[Cell]], *, zone: tzinfo, title: str
) -> None:
    """An Excel workbook of one sheet, with typed cells, to a binary file. Raises TooManyRows.

    Text is stored as text, whatever it begins with. Excel knows no zones: times are wall times of `zone`.
    """
    workbook = Workbook(write_only=True)
    sheet = workbook.create_sheet(_sheet_title(title))
    sheet.freeze_panes = "A2"
    heads = [_text_cell(sheet, str(name)) for name in header]
    for head in heads:
        head.font = Font(bold=True)
    sheet.append(heads)
    try:
        for number, row in enumerate(rows, start=2):
            if number > XLSX_ROWS:
                raise TooManyRows
            sheet.append([_xlsx_cell(sheet, value, zone) for value in row])
    finally:
        sheet.close()  # or the half-written sheet is reported as an error of its own
    workbook.save(target)


def _taken(buffer: io.StringIO) -> bytes:
    piece = buffer.getvalue().encode(errors="replace")
    buffer.seek(0)
    buffer.truncate()
    return piece


def _csv_cell(value: Cell, zone: tzinfo) -> str | int | float | Decimal:
    if value is None:
        return ""
    if isinstance(value, bool):
        return "true" if value else "false"
    if isinstance(value, int | float | Decimal):
        return value
    if isinstance(value, datetime):
        return _local(value, zone).isoformat(" ", "seconds")
    if isinstance(value, date):
        return value.isoformat()
    return guarded(str(value).replace("\0", ""))


def _xlsx_cell(sheet: Any, value: Cell, zone: tzinfo) -> Any:
    if value is None or value == "" or isinstance(value, bool):
        return None if value == "" else value
    if isinstance(value, int | float | Decimal):
        return value if -_EXACT < value < _EXACT else _text_cell(sheet, str(value))
    if isinstance(value, datetime):
        value = _local(value, zone).replace(tzinfo=None, microsecond=0)
    if isinstance(value, date):
        return value if value.year >= _FIRST_XLSX_YEAR else _text_cell(sheet, value.isoformat())
    return _text_cell(sheet, str(value))


def _text_cell(sheet: Any, text: str) -> Any:
    """A cell that is text even if the text begins like a formula."""
    clean = ILLEGAL_CHARACTERS_RE.sub("", text.encode(errors="replace").decode())
    cell = WriteOnlyCell(sheet, clean if len(clean) <= XLSX_TEXT else clean[: XLSX_TEXT - 1] + "…")
    cell.data_type = "s"
    return cell


def _local(at: datetime, zone: tzinfo) -> datetime:
    if at.utcoffset() is None:
        raise ValueError(f"{at!r} has no time zone")
    return at.astimezone(zone)


def _sheet_title(title: str) -> str:
    """At most 31 characters and none of those that Excel refuses."""
    return "".join(" " if letter in "[]:*?/\\'" else letter for letter in title)[:31].strip() or "Sheet"
