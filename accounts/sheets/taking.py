"""From a file to a list: read and tried out, then each row in a transaction of its own with a result of its own.

A row is whole or not at all. What is refused is told with its reason, and the rest goes in: the same file again does
what is left.
"""

from dataclasses import dataclass, field
from datetime import UTC
from zoneinfo import ZoneInfo

from django.db import DataError, IntegrityError, OperationalError
from django.utils.translation import gettext as _

from accounts.commands.imports import import_row, note_import
from accounts.models import ImportFile
from accounts.policies import holds, require_somewhere
from accounts.roles import Permission
from journal.units import door, is_database_away
from kernel.actor import Actor
from kernel.errors import NotFound, Refused, Stale, Unprocessable
from kernel.spreadsheets.planning import Plan, PlannedRow, plan
from kernel.spreadsheets.reading import Table, read_table
from kernel.spreadsheets.sheets import Sheet, all_sheets, sheet_named


def the_sheet(code: str) -> Sheet:
    """The list with that code; NotFound when there is none."""
    found = sheet_named(code)
    if found is None:
        raise NotFound("There is no such list.")
    return found


def may_import(actor: Actor, sheet: Sheet) -> bool:
    """Whether the actor may take rows into the list."""
    return holds(actor, sheet.edit)


def may_export(actor: Actor, sheet: Sheet) -> bool:
    """Whether the actor may take the list out: the right to export, and one of those to read it."""
    return (
        sheet.is_exported
        and holds(actor, Permission.EXPORT)
        and any(holds(actor, permission) for permission in sheet.readers)
    )


def sheets_for(actor: Actor) -> list[Sheet]:
    """The lists that the actor may take out or in."""
    return [sheet for sheet in all_sheets() if may_import(actor, sheet) or may_export(actor, sheet)]


def table_of(sheet: Sheet, file: ImportFile) -> Table:
    """The rows of a brought file."""
    return read_table(bytes(file.content), most_rows=sheet.most_rows)


def tried_out(sheet: Sheet, table: Table, *, actor: Actor, source: str = "web") -> Plan:
    """What the file would do now. Needs the list's permission. The API reads times without an offset as UTC."""
    require_somewhere(actor, sheet.edit)
    return plan(sheet, table, actor=actor, zone=UTC if source == "api" else ZoneInfo(actor.zone))


@dataclass(slots=True)
class Taken:
    """What became of the rows."""

    added: int = 0
    changed: int = 0
    same: int = 0
    refused: list[tuple[PlannedRow, str]] = field(default_factory=list)

    @property
    def counts(self) -> dict[str, int]:
        """For the event and the answer."""
        return {"added": self.added, "changed": self.changed, "same": self.same, "refused": len(self.refused)}


def take_in(sheet: Sheet, file: ImportFile, *, seen: str, actor: Actor, source: str = "web") -> Taken:
    """Save every row that adds or changes something. Stale when the trial would look otherwise than `seen` by now,
    Unprocessable while a row has a fault."""  # fmt: skip
    made = tried_out(sheet, table_of(sheet, file), actor=actor, source=source)
    if seen != made.digest:
        raise Stale(_("The file or the list has changed since you looked. Here is what would happen now."))
    if made.problems or made.count("fault"):
        raise Unprocessable(_("Some rows have faults. Nothing was imported. Mend them, then try again."))
    taken = Taken(same=made.count("same"))
    for row in made.to_do:
        _take(sheet, row, taken, actor=actor, source=source)
    with door(actor, source=source) as at:
        note_import(file, taken.counts, actor=actor, at=at)
    return taken


def _take(sheet: Sheet, row: PlannedRow, taken: Taken, *, actor: Actor, source: str) -> None:
    try:
        with door(actor, source=source) as at:
            is_done = import_row(sheet, row, actor=actor, at=at)
    except Refused as refused:
        taken.refused.append((row, _reason(refused)))
        return
    except (IntegrityError, DataError):
        taken.refused.append((row, _("The row clashes with one that stands there already. Look at both, then retry.")))
        return
    except OperationalError as fault:
        if is_database_away(fault):
            raise
        taken.refused.append((row, _("Somebody else is at work on this row. Import the file again in a moment.")))
        return
    if not is_done:
        taken.same += 1
    elif row.found is None:
        taken.added += 1
    else:
        taken.changed += 1


def _reason(refused: Refused) -> str:
    fields = refused.fields if isinstance(refused, Unprocessable) else {}
    said = " ".join(message for messages in fields.values() for message in messages)
    return said or refused.message
