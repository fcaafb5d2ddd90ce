"""Events of the demo: the same chains as commands write, without an outbox, because nobody is told of the past."""

import secrets
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any, NamedTuple, cast

from itsm.demo.copying import copy_rows
from journal.commands import digest_of, mac_of
from journal.models import Chain, Event
from kernel.actor import Actor

Subject = tuple[str, int]
Head = tuple[int, bytes]
NOTHING: Head = (0, b"")


class Line(NamedTuple):
    """A row of the journal as it is copied: columns of Event without id and transaction."""

    subject_kind: str
    subject_id: int
    seq: int
    code: str
    actor_kind: str
    actor_id: int
    at: datetime
    data: Mapping[str, Any]
    salt: bytes
    digest: bytes
    mac: bytes


def line_after(head: Head, subject: Subject, code: str, *, actor: Actor, at: datetime, data: Mapping[str, Any]) -> Line:
    """The next event of a chain. `data` must be plain JSON values."""
    salt = secrets.token_bytes(16)
    draft = Line(
        subject[0], subject[1], head[0] + 1, code, actor.kind, actor.id, at, data, salt, digest_of(salt, dict(data)),
        b"",
    )  # fmt: skip
    return draft._replace(mac=mac_of(head[1], cast(Event, draft)))


@dataclass
class Chains:
    """Events of subjects that are no records, gathered and copied together with the heads of their chains."""

    actor: Actor
    heads: dict[Subject, Head] = field(default_factory=dict)
    lines: list[Line] = field(default_factory=list)

    def note(self, subject: Subject, code: str, *, at: datetime, **data: Any) -> None:
        """Add one event."""
        line = line_after(self.heads.get(subject, NOTHING), subject, code, actor=self.actor, at=at, data=data)
        self.lines.append(line)
        self.heads[subject] = (line.seq, line.mac)

    def write(self) -> None:
        """Copy what was gathered."""
        copy_rows(Event, Line._fields, self.lines)
        copy_rows(Chain, ("subject_kind", "subject_id", "seq", "mac"), self._heads())

    def _heads(self) -> Iterator[tuple[str, int, int, bytes]]:
        for (kind, pk), (seq, mac) in self.heads.items():
            yield kind, pk, seq, mac
