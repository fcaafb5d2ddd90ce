"""Who has the work of an incident: read from coordination, which alone knows (ARCHITECTURE 3)."""

from django.utils.translation import gettext as _

from coordination.models import WorkItem
from coordination.queries.work import open_work
from incidents.workflow import TASK
from kernel.errors import Conflict
from records.models import Record


def work_item(record: Record) -> WorkItem | None:
    """The open work item that resolves the record, with its assignee and team; None once the work has ended."""
    return next(iter(open_work(record, TASK)), None)


def required_work_item(record: Record) -> WorkItem:
    """The open work item; Conflict (409) when the work has ended."""
    item = work_item(record)
    if item is None:
        message = _("The work on %(number)s has ended. Reopen it first.") % {"number": record.number}
        raise Conflict(message, code="no_open_work")
    return item
