"""What the search box finds of a record: number, title, description, component and requester; no comments at all."""

from journal import commands as journal
from records.models import Record


def reindex(record: Record) -> None:
    """Have the record's search document written with this unit of work, as the record is at its end."""
    journal.index(record.kind, record.pk, lambda: document_of(record))


@journal.rebuilds("records")
def _records_after(last: int, most: int) -> list[journal.Document]:
    rows = Record.objects.filter(pk__gt=last).order_by("pk").select_related("component", "requester")
    return [document_of(record) for record in rows[:most]]


def document_of(record: Record) -> journal.Document:
    """The document of a record; readers of the record's audience may read every word in it."""
    component, requester = record.component, record.requester
    names = [*([component.name, component.tag] if component else []), *([requester.name] if requester else [])]
    return journal.Document(
        kind=record.kind, id=record.pk, number=record.number, title=record.title, note=", ".join(names[:1]),
        names=f"{record.number.rpartition('-')[2]} {' '.join(names)}", body=record.description,
        is_open=record.closed_at is None, at=record.opened_at, audience=tuple(record.audience),
        is_closed_class=bool(record.confidential_class),
    )  # fmt: skip
