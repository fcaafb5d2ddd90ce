"""Seal finished events each minute: a Merkle root chained to the seal before, copied outside the database.

Chains show that an event was changed; seals show that the end of a chain or a whole record with its events is gone.
The minute that is not sealed yet is the stated limit (ARCHITECTURE 5).
"""

import fcntl
import json
import os
from collections.abc import Iterator
from datetime import datetime
from io import SEEK_END
from typing import BinaryIO

from django.db import connection, transaction

from journal.models import Seal
from journal.queries.seals import covered, leaf_of, merkle_root, next_seal, oldest_running, seal_line, seal_mac
from journal.queries.verify import seals_file

LOCK = 7_368_301
"""Number of the advisory lock that makes one sealer work at a time."""

TAIL = 4096
"""Longer than any line of the copy."""


def seal_finished(at: datetime, *, below: int | None = None) -> Seal | None:
    """Seal the events whose transactions have finished since the last seal, or those below a transaction.

    None when there are none, or another process is sealing. The copy in SPINDEL_DATA/seals is brought up to date in
    any case.
    """
    with transaction.atomic():
        new = _write(at, oldest_running() if below is None else below) if _is_alone() else None
    copy_seals()
    return new


def _is_alone() -> bool:
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_try_advisory_xact_lock(%s)", [LOCK])
        return bool(cursor.fetchone()[0])


def _write(at: datetime, below: int) -> Seal | None:
    new = next_seal(below)
    new.at, new.first_event, new.last_event, new.count = at, 0, 0, 0

    def leaves() -> Iterator[bytes]:
        for event in covered(new):
            new.first_event, new.last_event = new.first_event or event.id, event.id
            new.count += 1
            yield leaf_of(event)

    new.root = merkle_root(leaves())
    if not new.count:
        return None
    last = Seal.objects.order_by("-pk").first()
    new.mac = seal_mac(bytes(last.mac) if last else b"", new)
    new.save()
    return new


def copy_seals() -> int:
    """Append the seals that the file lacks; returns how many. Safe against a crash between commit and append."""
    path = seals_file()
    path.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    with path.open("ab+") as file:
        fcntl.flock(file, fcntl.LOCK_EX)
        missing = Seal.objects.filter(pk__gt=_last_copied(file)).order_by("pk")
        lines = [seal_line(row) for row in missing]
        file.write("".join(line + "\n" for line in lines).encode())
        file.flush()
        os.fsync(file.fileno())
    return len(lines)


def _last_copied(file: BinaryIO) -> int:
    """Id in the last whole line. A line torn by a crash is ended, so that the next one stands for itself."""
    size = file.seek(0, SEEK_END)
    file.seek(max(0, size - TAIL))
    tail = file.read()
    if tail and not tail.endswith(b"\n"):
        file.write(b"\n")
    whole = tail.rpartition(b"\n")[0].splitlines()
    for line in reversed(whole):
        try:
            return int(json.loads(line)["id"])
        except (ValueError, KeyError):
            continue
    return 0
