"""Keep the search documents: gathered in the unit of work, written with one statement just before its commit."""

from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass
from datetime import datetime

from django.db import connection

from journal.models import SearchDocument
from journal.queries.search import spaced
from journal.units import Unit, current, on_flush
from kernel.text import bigrams, without_cjk

LONGEST_BODY = 20_000
"""Characters of running text that are indexed: more would not fit into a tsvector (1 MB, positions to 16,383)."""


@dataclass(frozen=True, slots=True, kw_only=True)
class Document:
    """What can be found about one subject. `names` are tags, addresses and other words that no stemmer may touch.

    `audience` holds the ids of the subject's audience; `is_closed_class` takes it out of reach of `see_all`. Nothing
    that a reader in `audience` may not read belongs in here: internal notes are never indexed.
    """

    kind: str
    id: int
    title: str
    at: datetime
    number: str = ""
    note: str = ""
    names: str = ""
    body: str = ""
    is_open: bool = True
    audience: tuple[int, ...] = ()
    is_closed_class: bool = False


def index(kind: str, subject_id: int, build: Callable[[], Document]) -> None:
    """Have the subject found by what `build` returns; it is called once, just before the commit."""
    current().documents[kind, subject_id] = build


def unindex(kind: str, subject_id: int) -> None:
    """Have the subject not found any more."""
    current().documents.pop((kind, subject_id), None)
    SearchDocument.objects.filter(subject_kind=kind, subject_id=subject_id).delete()


@on_flush
def write_documents(unit: Unit) -> None:
    """Write all documents of the unit in one statement."""
    documents = [document for build in unit.documents.values() if isinstance(document := build(), Document)]
    if documents:
        upsert(documents)


Rebuild = Callable[[int, int], Sequence[Document]]
_rebuilds: dict[str, Rebuild] = {}


def rebuilds(name: str) -> Callable[[Rebuild], Rebuild]:
    """Register how an app's documents are made anew: those after an id, in order of ids, at most so many."""

    def register(function: Rebuild) -> Rebuild:
        _rebuilds[name] = function
        return function

    return register


def rebuild(name: str, *, chunk: int = 1000) -> int:
    """Write all documents of one of `rebuildable` anew, a transaction a chunk; returns how many. Not inside a door."""
    done, last = 0, 0
    while documents := _rebuilds[name](last, chunk):
        upsert(documents)
        done, last = done + len(documents), documents[-1].id
    return done


def rebuildable() -> list[str]:
    """What can be made anew: an app's records, components, people."""
    return sorted(_rebuilds)


COLUMNS = "subject_kind, subject_id, number, title, note, is_open, at, audience, is_closed_class, tsv"
ROW = "(%s, %s, %s, %s, %s, %s, %s, %s::int[], %s, search_vector(%s, %s, %s, %s))"


def upsert(documents: Iterable[Document]) -> None:
    """Insert or replace these documents in one statement. Sorted, so that two writers never wait for each other."""
    ordered = sorted(documents, key=lambda document: (document.kind, document.id))
    updates = ", ".join(f"{name} = excluded.{name}" for name in COLUMNS.split(", ")[2:])
    statement = (
        f"INSERT INTO journal_searchdocument ({COLUMNS}) VALUES {', '.join([ROW] * len(ordered))} "  # noqa: S608  # constants
        f"ON CONFLICT (subject_kind, subject_id) DO UPDATE SET {updates}"
    )
    with connection.cursor() as cursor:
        cursor.execute(statement, [value for document in ordered for value in values_of(document)])


def values_of(document: Document) -> list[str | int | bool | datetime | list[int]]:
    """The row of a document: columns in the order of COLUMNS, then the four texts of its vector."""
    title, body = document.title[:300], document.body[:LONGEST_BODY]
    names = f"{document.number} {document.names}"
    return [
        document.kind, document.id, document.number, title, document.note[:200], document.is_open, document.at,
        list(document.audience), document.is_closed_class, spaced(without_cjk(names)),
        spaced(without_cjk(title)), spaced(without_cjk(body)), bigrams(f"{title}\n{names}\n{body}"),
    ]  # fmt: skip
