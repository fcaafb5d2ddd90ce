"""A tab of the queue as a table to take along."""

from collections.abc import Iterable, Iterator
from itertools import islice
from tempfile import TemporaryFile
from typing import IO, Any
from zoneinfo import ZoneInfo

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from coordination.queries.filtering import WorkFilter
from coordination.queries.rows import Reader, Row, View, rows_page
from kernel.actor import Actor
from kernel.localnames import local_name
from kernel.spreadsheets.writing import write_xlsx

MOST = 10_000
EXPORT_HEADER = (
    gettext_lazy("Number"), gettext_lazy("Title"), gettext_lazy("Priority"), gettext_lazy("State"),
    gettext_lazy("Promise"), gettext_lazy("Due"), gettext_lazy("Component"), gettext_lazy("Needs"),
    gettext_lazy("Team"), gettext_lazy("Who"), gettext_lazy("Rank"), gettext_lazy("Why"), gettext_lazy("Offered"),
)  # fmt: skip


def export_rows(actor: Actor, view: View, chosen: WorkFilter, reader: Reader) -> Iterator[tuple[Any, ...]]:
    """The rows of all pages, read one page after another."""
    yield from islice((_cells(row) for row in _all(actor, view, chosen, reader)), MOST)


def _all(actor: Actor, view: View, chosen: WorkFilter, reader: Reader) -> Iterator[Row]:
    cursor = ""
    while True:
        rows, page = rows_page(actor, view, chosen, reader, cursor=cursor, is_backwards=False)
        yield from rows
        cursor = page.older
        if not cursor:
            return


def _cells(row: Row) -> tuple[Any, ...]:
    needs = ", ".join(need.words for need in row.needs)
    return (row.number, row.title, f"P{row.priority}", row.state_words, row.face.word, row.face.due_at, row.component,
            needs, local_name(row.team), row.assignee, row.score, row.summary, row.offered_at)  # fmt: skip


def export_file(rows: Iterable[tuple[Any, ...]], zone: ZoneInfo) -> IO[bytes]:
    """An Excel workbook, open at its beginning."""
    target = TemporaryFile()  # noqa: SIM115  # whoever sends it closes it
    write_xlsx(target, [str(each) for each in EXPORT_HEADER], rows, zone=zone, title=_("Queue"))
    target.seek(0)
    return target
