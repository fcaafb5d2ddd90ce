"""Facts of a process beside those of every record, as the side panel shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext

from coordination.models import WorkItem


@dataclass(frozen=True, slots=True)
class OwnFact:
    """One line: a name, its value in words; `step` or `field` says by what it is changed, empty: by nothing here."""

    name: str
    label: str
    value: str
    step: str = ""
    field: str = ""


def who_has(item: WorkItem | None) -> str:
    """Who has the work, in words."""
    if item is None:
        return gettext("nobody: the work has ended")
    if item.assignee is not None:
        return item.assignee.name
    return gettext("nobody yet: it is in the queue") if item.is_routed else gettext("nobody yet: it waits to be routed")
