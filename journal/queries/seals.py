"""What a seal covers and how its root and mac come about."""

import hashlib
import hmac
import json
from collections.abc import Iterable, Iterator
from typing import NamedTuple

from django.conf import settings
from django.db import connection

from journal.models import Event, Seal


class Covered(NamedTuple):
    """What of an event goes into a seal; its content is covered by its mac."""

    id: int
    subject_kind: str
    subject_id: int
    seq: int
    mac: bytes


def oldest_running() -> int:
    """The oldest transaction that has not ended: everything below it is finished and seen."""
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_snapshot_xmin(pg_current_snapshot())::text::bigint")
        return int(cursor.fetchone()[0])


def next_seal(below: int) -> Seal:
    """An unwritten seal over the transactions since the last one and below this one; its root and mac are empty."""
    last = Seal.objects.order_by("-pk").first()
    if last is None:
        return Seal(below_transaction=below)
    if below >= last.below_transaction:
        return Seal(
            above_event=last.above_event, from_transaction=last.below_transaction, below_transaction=below
        )  # fmt: skip
    highest = Seal.objects.order_by("-last_event").values_list("last_event", flat=True).first() or 0
    return Seal(above_event=highest, below_transaction=below)


def covered(seal: Seal, ceiling: int | None = None) -> Iterator[Covered]:
    """The events that a seal covers, by id; `ceiling` is the `above_event` of the next cluster's seals."""
    rows = Event.objects.filter(
        transaction_id__gte=seal.from_transaction, transaction_id__lt=seal.below_transaction, id__gt=seal.above_event
    )
    if ceiling is not None:
        rows = rows.filter(id__lte=ceiling)
    for row in rows.order_by("id").values_list(*Covered._fields).iterator(chunk_size=5000):
        yield Covered(*row)


def leaf_of(event: Covered) -> bytes:
    """The Merkle leaf of an event."""
    text = f"{event.id}|{event.subject_kind}|{event.subject_id}|{event.seq}|".encode()
    return hashlib.sha256(b"\0" + text + bytes(event.mac)).digest()


def merkle_root(leaves: Iterable[bytes]) -> bytes:
    """Root of a binary hash tree over any number of leaves, kept as one node for each full subtree."""
    full: list[tuple[int, bytes]] = []
    for leaf in leaves:
        height, node = 0, leaf
        while full and full[-1][0] == height:
            node = _joined(full.pop()[1], node)
            height += 1
        full.append((height, node))
    root = full.pop()[1] if full else b""
    while full:
        root = _joined(full.pop()[1], root)
    return root


def _joined(left: bytes, right: bytes) -> bytes:
    return hashlib.sha256(b"\1" + left + right).digest()


def seal_mac(previous: bytes, seal: Seal) -> bytes:
    """HMAC(key, previous seal's mac ‖ what this one covers ‖ root)."""
    span = f"{seal.above_event}|{seal.from_transaction}|{seal.below_transaction}|{seal.first_event}|{seal.last_event}|"
    text = f"{seal.at.timestamp():.6f}|{span}{seal.count}|".encode()
    return hmac.new(settings.SPINDEL_JOURNAL_KEY, previous + text + bytes(seal.root), hashlib.sha256).digest()


def seal_line(seal: Seal) -> str:
    """A seal as one line of the copy outside the database."""
    values = {
        "id": seal.pk, "at": seal.at.isoformat(), "above": seal.above_event, "from": seal.from_transaction,
        "below": seal.below_transaction, "first": seal.first_event, "last": seal.last_event, "count": seal.count,
        "root": bytes(seal.root).hex(), "mac": bytes(seal.mac).hex(),
    }  # fmt: skip
    return json.dumps(values, separators=(",", ":"))
