"""Lists from a file: the file is kept while its trial is looked at, then its rows go in one by one (DOMAIN X8)."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts import events
from accounts.models import ImportFile
from accounts.policies import require_somewhere
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Stale, Unprocessable
from kernel.spreadsheets.planning import PlannedRow, fresh
from kernel.spreadsheets.sheets import Sheet

MOST_BYTES = 10 * 1024 * 1024


@command
def keep_file(sheet: Sheet, *, name: str, content: bytes, actor: Actor, at: datetime) -> ImportFile:
    """Keep a file for its trial and import, a day at most. Unprocessable when it is empty or above 10 MB."""
    require_somewhere(actor, sheet.edit)
    if not content:
        raise Unprocessable(_("The file is empty. Choose a file whose first line names the columns."))
    if len(content) > MOST_BYTES:
        raise Unprocessable(_("The file is larger than %(limit)s MB. Split it.") % {"limit": MOST_BYTES >> 20})
    return ImportFile.objects.create(
        user_id=actor.id, sheet=sheet.code, name=name.replace("\0", "")[:200], content=content, at=at
    )


@command
def import_row(sheet: Sheet, row: PlannedRow, *, actor: Actor, at: datetime) -> bool:
    """Take one row in as its trial showed; False when somebody has done the same meanwhile.

    Stale (409) when the row stands differently by now; otherwise refused as the list's own command refuses.
    """
    with connection.cursor() as cursor:  # two who import the same row come one after the other
        name = f"import:{sheet.code}:{'|'.join(row.key)}"
        cursor.execute("SELECT pg_advisory_xact_lock(hashtextextended(%s, 0))", [name])
    require_somewhere(actor, sheet.edit)
    now = fresh(sheet, row)
    if now.found is not None and not now.differences:
        return False
    if (now.found is None) != (row.found is None) or now.differences != row.differences:
        raise Stale(_("This row was changed since the trial. Import the file again to see what it would do now."))
    sheet.save(now, actor=actor, at=at)
    return True


@command
def note_import(file: ImportFile, counts: Mapping[str, int], *, actor: Actor, at: datetime) -> None:
    """Note that the file was taken in, with how many rows went which way."""
    subject = ("import", file.pk)
    journal.note(
        subject, events.LIST_IMPORTED, actor=actor, at=at, list=file.sheet, file=file.name, counts=dict(counts)
    )


@command
def note_export(code: str, *, form: str, actor: Actor, at: datetime) -> None:
    """Note that somebody takes a whole list along."""
    journal.note(("export", 0), events.LIST_EXPORTED, actor=actor, at=at, list=code, form=form)
