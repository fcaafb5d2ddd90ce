"""Where the chain of every record's events should end, for whoever verifies the journal."""

from collections.abc import Iterator

from journal.queries.verify import Head
from records.models import Record


def record_heads(kind: str) -> Iterator[Head]:
    """Heads of all records of a kind, by id. Reads everything: for verification only, never for a page."""
    rows = Record.objects.filter(kind=kind).order_by("pk").values_list("pk", "event_seq", "event_mac")
    for pk, seq, mac in rows.iterator(chunk_size=5000):
        yield Head(pk, seq, bytes(mac))
