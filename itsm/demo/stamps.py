"""One story, many records: its rows are encoded once with slots for the ids, then filled in for each record.

Times, people and words stay those of the story; ids, the number, salts and the whole chain of macs are each record's
own. So a stamped record is one that the same story would have left.
"""

import re
import secrets
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, field, replace
from typing import Any, cast

from django.db.models import Model

from itsm.demo.chains import Line
from itsm.demo.copying import encoder_of
from itsm.demo.known import Known
from itsm.demo.rows import AUDITED, COLUMNS, COPIED, PGH, TRACKED, Contexts, Rows, Source, audit_of
from itsm.demo.story import Story
from itsm.demo.telling import Telling
from journal.commands.search import Document
from journal.models import Event
from journal.queries.chain import canonical, digest_of_text, mac_of
from records.commands import document_of
from records.models import Record

FIRST_SLOT = 10**15
SLOT = re.compile(r"1000000000000(\d{3})")
NO_MAC = b"\xfe" * 32
"""Stands in the record's row where its last mac goes."""
Text = tuple[list[str], list[int]]
"""Pieces of text, and the slot that comes after each piece but the last."""


@dataclass
class Sheet:
    """Encoded lines by table, ready to be copied."""

    lines: dict[type[Model], list[str]] = field(default_factory=dict)
    documents: list[Document] = field(default_factory=list)

    def add(self, model: type[Model], text: str) -> None:
        """One or more lines of a table."""
        self.lines.setdefault(model, []).append(text)


class Stamp:
    """A story told once."""

    def __init__(self, story: Story, known: Known, contexts: Contexts, *, prefix: str, until: Any) -> None:
        self.slots: list[type[Model]] = []
        rows = Rows(self._slot, contexts)
        tale = Telling(story, known, rows)
        self.number = FIRST_SLOT + 999
        tale.tell(f"{prefix}-{self.number}", until)
        tale.record.event_mac = NO_MAC
        self.texts = [(model, split(lines_of(model, COLUMNS[model], rows.kept[model]))) for model in COPIED]
        for model in AUDITED:
            versions = encoded(audit_of(model), (*PGH, *TRACKED[model]), rows.versions[model])
            self.texts.append((audit_of(model), split(versions)))
        self.lines = [(line, split(canonical(dict(line.data)).decode())) for line in rows.lines]
        self.document = document_of(tale.record)
        self.record_slot = tale.record.pk - FIRST_SLOT

    def _slot(self, model: type[Model]) -> int:
        self.slots.append(model)
        return FIRST_SLOT + len(self.slots) - 1

    def fill(self, sheet: Sheet, number: int, id_of: Source) -> None:
        """One more record."""
        ids = [str(id_of(model)) for model in self.slots]
        mac = self._chain(sheet, ids, number)
        for model, text in self.texts:
            if text[0] != [""]:
                told = join(text, ids, number)
                sheet.add(model, told.replace(NO_MAC.hex(), mac.hex()) if model is Record else told)
        found, own, slot = self.document, str(number), str(self.number)
        sheet.documents.append(
            replace(
                found, id=int(ids[self.record_slot]), number=found.number.replace(slot, own),
                names=found.names.replace(slot, own),
            )
        )  # fmt: skip

    def _chain(self, sheet: Sheet, ids: Sequence[str], number: int) -> bytes:
        record, mac = int(ids[self.record_slot]), b""
        for line, text in self.lines:
            data, salt = join(text, ids, number), secrets.token_bytes(16)
            own = line._replace(subject_id=record, salt=salt, digest=digest_of_text(salt, data.encode()))
            mac = mac_of(mac, cast(Event, own))
            sheet.add(Event, event_line(own, data, mac))
        return mac


def event_line(line: Line, data: str, mac: bytes) -> str:
    """A row of the journal as it is copied; `data` is its JSON."""
    escaped = data.replace("\\", "\\\\")
    return (
        f"{line.subject_kind}\t{line.subject_id}\t{line.seq}\t{line.code}\t{line.actor_kind}\t{line.actor_id}\t"
        f"{line.at.isoformat()}\t{escaped}\t\\\\x{line.salt.hex()}\t\\\\x{line.digest.hex()}\t\\\\x{mac.hex()}"
    )


def lines_of(model: type[Model], columns: Sequence[str], rows: Iterable[Model]) -> str:
    """Rows as lines of COPY."""
    return encoded(model, columns, ([getattr(row, name) for name in columns] for row in rows))


def encoded(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> str:
    """Values as lines of COPY."""
    encoders = [encoder_of(model, name) for name in columns]
    return "\n".join(
        "\t".join([r"\N" if value is None else encode(value) for encode, value in zip(encoders, row, strict=True)])
        for row in rows
    )


def split(text: str) -> Text:
    """Cut where slots are."""
    parts = SLOT.split(text)
    return parts[0::2], [int(slot) for slot in parts[1::2]]


def join(text: Text, ids: Sequence[str], number: int) -> str:
    """The text with a record's own ids."""
    pieces, slots = text
    if not slots:
        return pieces[0]
    own = [str(number) if slot == 999 else ids[slot] for slot in slots]
    return "".join([part for pair in zip(pieces, own, strict=False) for part in pair]) + pieces[-1]
