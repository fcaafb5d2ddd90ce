"""Does the journal still say what was written? Chains, heads and seals, and the first row that does not fit."""

import json
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from itertools import groupby
from operator import attrgetter
from pathlib import Path
from typing import NamedTuple

from django.conf import settings

from journal.models import Chain, Event, Seal
from journal.queries.chain import digest_of, mac_of
from journal.queries.seals import Covered, covered, leaf_of, merkle_root, seal_line, seal_mac


class Head(NamedTuple):
    """Where a subject's chain should end."""

    subject_id: int
    seq: int
    mac: bytes


Heads = Callable[[str], Iterator[Head]]
"""Heads of all chains of a kind, by subject id."""


@dataclass(frozen=True, slots=True)
class Fault:
    """A row that does not fit: `event_id` 0 when it is missing; `seal_id` for seals."""

    what: str
    subject: str = ""
    seq: int = 0
    event_id: int = 0
    seal_id: int = 0

    def __str__(self) -> str:
        place = f"seal {self.seal_id}" if self.seal_id else f"{self.subject} event {self.seq}"
        row = f" (row {self.event_id})" if self.event_id else ""
        return f"{place}{row}: {self.what}"


def chain_heads(kind: str) -> Iterator[Head]:
    """Heads of subjects that are not records."""
    rows = Chain.objects.filter(subject_kind=kind).order_by("subject_id")
    for row in rows.values_list("subject_id", "seq", "mac").iterator():
        yield Head(row[0], row[1], bytes(row[2]))


def seals_file() -> Path:
    """Where the copies of all seals lie, one JSON object a line. Back it up to another machine."""
    return Path(settings.SPINDEL_DATA) / "seals" / "seals.jsonl"


def faults(kinds: dict[str, Heads]) -> Iterator[Fault]:
    """Everything that does not fit: chains by subject, then seals in order. `kinds` gives the heads of every kind."""
    tables = (Event.objects, Chain.objects)
    stored = {kind for rows in tables for kind in rows.order_by().values_list("subject_kind", flat=True).distinct()}
    for kind in sorted(stored | set(kinds)):
        yield from _kind_faults(kind, kinds.get(kind, chain_heads)(kind))
    yield from seal_faults()


def _kind_faults(kind: str, heads: Iterator[Head]) -> Iterator[Fault]:
    """Merge the events of a kind with its heads, both by subject id."""
    events = Event.objects.filter(subject_kind=kind).order_by("subject_id", "seq").iterator(chunk_size=2000)
    head = next(heads, None)
    for subject_id, chain in groupby(events, key=attrgetter("subject_id")):
        while head is not None and head.subject_id < subject_id:
            yield from _gone(kind, head)
            head = next(heads, None)
        mine = head if head is not None and head.subject_id == subject_id else None
        yield from _chain_faults(f"{kind} {subject_id}", chain, mine)
        head = next(heads, None) if mine is not None else head
    while head is not None:
        yield from _gone(kind, head)
        head = next(heads, None)


def _gone(kind: str, head: Head) -> Iterator[Fault]:
    if head.seq:
        yield Fault("all events of this subject are missing", f"{kind} {head.subject_id}", 1)


def _chain_faults(subject: str, chain: Iterator[Event], head: Head | None) -> Iterator[Fault]:
    previous, seq = b"", 0
    for event in chain:
        seq += 1
        if event.seq != seq:
            yield Fault(f"event {seq} is missing", subject, event.seq, event.pk)
            seq = event.seq
        elif bytes(event.mac) != mac_of(previous, event):
            yield Fault("the row was changed, or the one before it", subject, seq, event.pk)
        elif (event.data or event.salt) and bytes(event.digest) != digest_of(bytes(event.salt), event.data):
            yield Fault("its data was changed", subject, seq, event.pk)
        previous = bytes(event.mac)
    if head is None:
        yield Fault("the subject of these events is missing", subject, seq)
    elif (head.seq, head.mac) != (seq, previous):
        yield Fault(f"the chain ends here, but {head.seq} events were written", subject, seq)


def seal_faults() -> Iterator[Fault]:
    """Seals that do not fit their events, their chain, or their copy outside the database."""
    seals, previous = list(Seal.objects.order_by("pk")), b""
    for number, seal in enumerate(seals):
        later = (each.above_event for each in seals[number + 1 :] if each.above_event != seal.above_event)
        events = list(covered(seal, next(later, None)))
        if bytes(seal.mac) != seal_mac(previous, seal):
            yield Fault("the seal was changed, or the one before it is missing", seal_id=seal.pk)
        elif bytes(seal.root) != merkle_root(leaf_of(event) for event in events):
            yield Fault(_difference(seal, events), seal_id=seal.pk, event_id=events[0].id if events else 0)
        previous = bytes(seal.mac)
    yield from _copy_faults({seal.pk: seal for seal in seals})


def _difference(seal: Seal, events: list[Covered]) -> str:
    if len(events) == seal.count:
        return f"one of its {seal.count} events was changed"
    return f"it covers {seal.count} events, {len(events)} are there"


def _copy_faults(seals: dict[int, Seal]) -> Iterator[Fault]:
    path = seals_file()
    for line in path.read_text().splitlines() if path.exists() else ():
        try:
            copy = json.loads(line)
        except ValueError:
            continue  # torn by a crash; the whole line follows
        seal = seals.get(copy["id"])
        if seal is None:
            yield Fault("it is in the copy outside the database and missing here", seal_id=copy["id"])
        elif json.loads(seal_line(seal)) != copy:
            yield Fault("it differs from the copy outside the database", seal_id=copy["id"])
