"""Write stories in bulk: rows, then what is computed from rows by those who always do: search documents and ranks."""

from collections.abc import Iterable, Sequence
from datetime import datetime

from coordination.commands.rank import put_in_rank
from coordination.models import WorkItem
from incidents.workflow import WORKFLOW
from itsm.demo.copying import reserve
from itsm.demo.known import Known
from itsm.demo.rows import Rows
from itsm.demo.story import Story
from itsm.demo.telling import Telling
from journal.commands.search import upsert
from records.commands import document_of
from records.models import Record

CHUNK = 500


def write_history(stories: Sequence[Story], *, until: datetime) -> int:
    """Tell every story, in the order given, up to `until`; returns how many rows were copied. Within a unit of work."""
    known, rows, written = Known(), Rows(), 0
    numbers = iter(reserve(f"'record_number_{WORKFLOW.kind}'", len(stories)))
    for first in range(0, len(stories), CHUNK):
        tales = [Telling(story, known, rows) for story in stories[first : first + CHUNK]]
        for tale in tales:
            tale.tell(f"{WORKFLOW.prefix}-{next(numbers)}", until)
        written += rows.copy()
        index([tale.record for tale in tales])
        rank([tale.work_item for tale in tales if tale.story.fixed is None], at=until)
    return written


def index(records: Iterable[Record]) -> None:
    """Have them found."""
    upsert(document_of(record) for record in records)


def rank(work_items: Iterable[WorkItem], *, at: datetime) -> None:
    """Give those in the queue their place, as of then."""
    put_in_rank([each for each in work_items if each.state == WorkItem.State.QUEUED], at=at)
