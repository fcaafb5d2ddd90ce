"""Who has the work of an incident: read from coordination, which alone knows (ARCHITECTURE 3)."""

from coordination.models import WorkItem
from coordination.queries.work import open_work
from incidents.workflow import TASK
from records.models import Record


def work_item(record: Record) -> WorkItem | None:
    """The open work item that resolves the record, with its assignee and team; None once the work has ended."""
    return next(iter(open_work(record, TASK)), None)
