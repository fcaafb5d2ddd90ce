"""Own columns of a process that are changed in place, each by itself: compare-and-set on the value seen (UX 3.5)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime
from typing import Any, TypeVar

from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.errors import NotAllowed
from processes.undoing import Undoing, columns_of
from records import commands as records
from records.commands.columns import plain, raw, write_columns
from records.models import ProcessRecord, Undo

P = TypeVar("P", bound=ProcessRecord)
LONGEST_TAG = 40


@dataclass(frozen=True, kw_only=True)
class Detail:
    """An own column as people change it: its label, how many lines it has, how long it may be, whether it is tags."""

    label: Any
    rows: int = 1
    longest: int = 400
    is_tags: bool = False

    def as_text(self, value: Any) -> str:
        """The value as the form shows it: tags in a row."""
        return ", ".join(value) if self.is_tags else str(value)

    def kept(self, text: str) -> Any:
        """What was typed, as the column keeps it."""
        return tags_of(text) if self.is_tags else text.replace("\r\n", "\n").strip()


def tags_of(text: str) -> list[str]:
    """Tags out of a row: lower case, without repeats, in order of the alphabet."""
    return sorted({tag.strip().casefold()[:LONGEST_TAG] for tag in text.replace(";", ",").split(",") if tag.strip()})


def write_details(
    undoing: Undoing[P], details: Mapping[str, Detail], subject: P, *, seen: Mapping[str, Any],
    values: Mapping[str, Any], actor: Actor, at: datetime,
) -> Undo | None:  # fmt: skip
    """Set own columns of a locked subject. Another person's change of the same one is Stale (409)."""
    for name in values:
        if name not in details:
            message = _("The field %(field)s cannot be changed here.") % {"field": name}
            raise NotAllowed(message, code="field_not_editable")
    records.check_seen(subject.record, subject, seen=seen, values=values)
    wanted = {name: value for name, value in values.items() if raw(subject, name) != plain(subject, name, value)}
    if not wanted:
        return None
    before = columns_of(subject, wanted)
    change = write_columns(subject, wanted)
    records.touch(subject.record)
    records.note(subject.record, undoing.field_changed, actor=actor, at=at, **change)
    return undoing.offer_details_back(subject, before, actor=actor, at=at)
