"""Files: written and fsynced under their digest first, then a row; what no row names is swept (ARCHITECTURE 13)."""

import fcntl
import hashlib
import logging
import os
import tempfile
from collections.abc import Callable, Iterable, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import datetime, timedelta
from pathlib import Path

from django.conf import settings
from django.utils.translation import gettext as _

from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Unprocessable
from records import events, policies
from records.commands.record import lock, note
from records.models import Attachment, Comment, Record
from records.queries.files import LONGEST_START, files_directory, path_of, sniff

ORPHAN_AFTER = timedelta(hours=24)


logger = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Kept:
    """A file whose bytes lie safely on the disk; no row names it yet."""

    name: str
    sha256: str
    size: int
    content_type: str


def largest_bytes() -> int:
    """The largest file that is taken."""
    return int(settings.SPINDEL_MAX_UPLOAD_MB) * 1024 * 1024


def keep(name: str, chunks: Iterable[bytes]) -> Kept:
    """Write the bytes as they come, fsync, and put them under their digest. Call it before the door opens.

    Unprocessable when they are more than the limit or none, or when the disk takes no more. Memory holds one chunk.
    """
    with _told(name):
        return _keep(name, chunks)


@contextmanager
def _told(name: str) -> Iterator[None]:
    """A disk that is full or broken becomes a sentence, and the operator's log has the cause."""
    try:
        yield
    except OSError as fault:
        logger.exception("an upload could not be kept")
        raise no_room(name) from fault


def no_room(name: str) -> Unprocessable:
    """The refusal of a file that the disk does not take."""
    message = _("%(name)s could not be kept: the disk is full or cannot be written. Send your text without the file, "
                "and tell an administrator.")  # fmt: skip
    said = message % {"name": name}
    return Unprocessable(said, code="no_room", fields={"files": [said]})


def _keep(name: str, chunks: Iterable[bytes]) -> Kept:
    directory = files_directory()
    directory.mkdir(parents=True, exist_ok=True, mode=0o700)
    handle, draft = tempfile.mkstemp(dir=directory, prefix="draft-")
    try:
        with os.fdopen(handle, "wb") as file:
            digest, size, start = _copy(chunks, file.write, name)
            file.flush()
            os.fsync(file.fileno())
        with _guard(fcntl.LOCK_SH):
            _put(Path(draft), path_of(digest))
    finally:
        Path(draft).unlink(missing_ok=True)
    return Kept(_plain_name(name), digest, size, sniff(start))


def _copy(chunks: Iterable[bytes], write: Callable[[bytes], int], name: str) -> tuple[str, int, bytes]:
    digest, size, start = hashlib.sha256(), 0, b""
    for chunk in chunks:
        size += len(chunk)
        if size > largest_bytes():
            raise too_large(name)
        start = start or chunk[:LONGEST_START]
        digest.update(chunk)
        write(chunk)
    if not size:
        message = _("%(name)s is empty. Choose another file.") % {"name": name}
        raise Unprocessable(message, fields={"files": [message]})
    return digest.hexdigest(), size, start


def too_large(name: str) -> Unprocessable:
    """The refusal of a file above the limit."""
    message = _("%(name)s is larger than %(limit)s MB. Choose a smaller file, or share it elsewhere and send the link.")
    said = message % {"name": name, "limit": settings.SPINDEL_MAX_UPLOAD_MB}
    return Unprocessable(said, code="file_too_large", fields={"files": [said]})


def _put(draft: Path, place: Path) -> None:
    if place.exists():
        os.utime(place)  # young again: the sweep leaves it alone
        return
    place.parent.mkdir(parents=True, exist_ok=True, mode=0o700)
    draft.replace(place)
    for directory in (place.parent, place.parent.parent):
        _fsync_directory(directory)


def _fsync_directory(directory: Path) -> None:
    handle = os.open(directory, os.O_RDONLY)
    try:
        os.fsync(handle)
    finally:
        os.close(handle)


def _plain_name(name: str) -> str:
    """The last part of the name without control characters; never used as a path."""
    last = name.replace("\\", "/").rpartition("/")[2]
    return "".join(each for each in last if each.isprintable())[-200:] or _("file")


@contextmanager
def _guard(mode: int) -> Iterator[None]:
    """Uploads share the lock, the sweep holds it alone: no file is removed that an upload has just found."""
    with (files_directory() / ".lock").open("a") as file:
        fcntl.flock(file, mode)
        yield


@command
def attach(
    record: Record,
    files: Sequence[Kept],
    *,
    is_public: bool,
    actor: Actor,
    at: datetime,
    comment: Comment | None = None,
) -> list[Attachment]:
    """Name kept files on the record, under a comment or alone. Public ones are read by the requester."""
    at = lock(record, at=at)
    policies.require(policies.can_reply if is_public else policies.can_comment_internal, actor, record)
    if record.merged_into_id is not None:
        raise Conflict(_("%(number)s was merged. Attach the file there.") % {"number": record.number}, code="merged")
    rows = Attachment.objects.bulk_create(
        Attachment(record=record, comment=comment, name=file.name, sha256=file.sha256, size=file.size,
                   content_type=file.content_type, is_public=is_public, by_id=actor.id or None, at=at)
        for file in files
    )  # fmt: skip
    for row in rows:
        note(record, events.ATTACHED, actor=actor, at=at, attachment=row.pk, name=row.name, size=row.size,
             type=row.content_type, is_public=is_public, comment=comment.pk if comment else None)  # fmt: skip
    return rows


def sweep_orphans(*, at: datetime, limit: int = 10_000) -> int:
    """Remove files that no row has named for a day, and drafts of broken uploads; returns how many. Outside a door."""
    directory = files_directory()
    if not directory.exists():
        return 0
    oldest = (at - ORPHAN_AFTER).timestamp()
    removed = 0
    for place in _old_files(directory, oldest, limit):
        with _guard(fcntl.LOCK_EX):
            is_named = len(place.name) == 64 and Attachment.objects.filter(sha256=place.name).exists()
            if not is_named and place.exists() and place.stat().st_mtime < oldest:
                place.unlink()
                removed += 1
    return removed


def _old_files(directory: Path, oldest: float, limit: int) -> list[Path]:
    found: list[Path] = []
    for place in directory.rglob("*"):
        if len(found) >= limit:
            break
        if place.is_file() and place.name != ".lock" and place.stat().st_mtime < oldest:
            found.append(place)
    return found
