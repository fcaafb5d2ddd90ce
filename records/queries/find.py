"""The one search box for a page and for the palette: record numbers, words, people, components (UX 3.3)."""

from dataclasses import dataclass, field
from datetime import datetime

from django.utils.translation import gettext as _

from journal.models import SearchDocument
from journal.queries.kinds import address, findable, kind_of, prefixes
from journal.queries.search import asked, did_you_mean, search, spaced, visible_documents
from kernel.actor import Actor
from records.models import Record
from records.queries.visited import visited

MODES = "#@:"
PALETTE_ROWS = 12


@dataclass(frozen=True, slots=True)
class Hit:
    """One thing found: `parts` are runs of its title, True where the query matched."""

    kind: str
    label: str
    icon: str
    number: str
    title: str
    note: str
    url: str
    is_open: bool
    parts: list[tuple[str, bool]]

    def is_number(self, text: str) -> bool:
        """Whether the text is this thing's number, or the digits of it."""
        asked_for = text.lstrip(MODES).strip().casefold()
        return bool(self.number) and asked_for in (self.number.casefold(), self.number.rpartition("-")[2])


@dataclass(frozen=True, slots=True)
class Found:
    """What a query brought, in the order of the palette, and the word that it may have meant."""

    text: str
    hits: list[Hit] = field(default_factory=list)
    meant: str = ""


def find(actor: Actor, text: str, *, at: datetime) -> Found:
    """Look for what was typed; nothing typed brings what was opened last.

    `#`, `@` and `:` in front narrow it to records, people, components.
    """
    if not text:
        return Found(text, [_of_record(record) for record in visited(actor)])
    mode, rest = (text[0], text[1:]) if text[:1] in MODES and text else ("", text)
    rest = rest.strip()
    documents = visible_documents(actor, findable(actor, mode))
    rows = search(documents, asked(rest, prefixes()), at=at)
    hits = [_hit(row, rest) for row in _in_order(rows, rest)]
    meant = did_you_mean(documents, rest) if rest and not hits else ""
    return Found(text, hits, f"{mode}{meant}" if meant else "")


def _in_order(rows: list[SearchDocument], text: str) -> list[SearchDocument]:
    """Exact number, open records, components and people, closed records; inside each as search ranked them."""

    def place(row: SearchDocument) -> int:
        if text and row.number.casefold() == text.casefold():
            return 0
        kind = kind_of(row.subject_kind)
        if kind is None or kind.prefix:
            return 1 if row.is_open else 4
        return 2 if kind.mode == ":" else 3

    return sorted(rows, key=place)


def _hit(row: SearchDocument, text: str) -> Hit:
    kind = kind_of(row.subject_kind)
    return Hit(
        kind=row.subject_kind, label=_(kind.label) if kind else row.subject_kind,
        icon=kind.icon if kind else "incident", number=row.number, title=row.title, note=row.note,
        url=_url(row.subject_kind, row.number, row.subject_id),
        is_open=row.is_open, parts=marked(row.title, text),
    )  # fmt: skip


def _url(code: str, number: str, subject_id: int) -> str:
    """The page of a hit; a record has one always, other things while their room has one."""
    kind = kind_of(code)
    is_record = kind is None or bool(kind.prefix)
    return address(code, number=number, subject_id=subject_id) or (f"/records/{number}/" if is_record else "")


def _of_record(record: Record) -> Hit:
    kind = kind_of(record.kind)
    return Hit(
        kind=record.kind, label=_(kind.label) if kind else record.kind, icon=kind.icon if kind else "incident",
        number=record.number, title=record.title, note="",
        url=_url(record.kind, record.number, record.pk),
        is_open=record.closed_at is None, parts=marked(record.title, ""),
    )  # fmt: skip


def marked(title: str, text: str) -> list[tuple[str, bool]]:
    """The title in runs; a word that begins like a word of the query is marked."""
    wanted = tuple(word.casefold() for word in spaced(text).split())
    runs: list[tuple[str, bool]] = []
    for word in title.split(" "):
        hit = bool(wanted) and any(part.startswith(wanted) for part in spaced(word).casefold().split())
        hit = hit or any(not each.isascii() and each in word for each in wanted)
        runs.append((word, hit))
    return runs
