"""Files under SPINDEL_DATA/files by their SHA-256; what a file is, told by its bytes and never by its name."""

from dataclasses import dataclass
from pathlib import Path

from django.conf import settings

from kernel.actor import Actor
from kernel.errors import NotFound
from records import policies
from records.models import Attachment, Record

BINARY = "application/octet-stream"
INLINE = frozenset({"image/png", "image/jpeg", "image/gif", "image/webp"})
"""What a browser may show in the page. SVG and HTML never: they can carry scripts."""
_STARTS: tuple[tuple[int, bytes, str], ...] = (
    (0, b"\x89PNG\r\n\x1a\n", "image/png"),
    (0, b"\xff\xd8\xff", "image/jpeg"),
    (0, b"GIF87a", "image/gif"),
    (0, b"GIF89a", "image/gif"),
    (8, b"WEBP", "image/webp"),
    (0, b"%PDF-", "application/pdf"),
    (0, b"PK\x03\x04", "application/zip"),
    (0, b"\x1f\x8b", "application/gzip"),
    (0, b"7z\xbc\xaf\x27\x1c", "application/x-7z-compressed"),
    (4, b"ftyp", "video/mp4"),
    (0, b"OggS", "application/ogg"),
    (0, b"ID3", "audio/mpeg"),
    (0, b"\xd0\xcf\x11\xe0\xa1\xb1\x1a\xe1", "application/x-ole-storage"),
)
LONGEST_START = 16


def sniff(start: bytes) -> str:
    """The type of a file by its first bytes; text and everything unknown is a heap of bytes."""
    for offset, mark, kind in _STARTS:
        if start[offset : offset + len(mark)] == mark and (kind != "image/webp" or start[:4] == b"RIFF"):
            return kind
    return BINARY


def files_directory() -> Path:
    """Where the files lie, outside everything that a web server serves."""
    return Path(settings.SPINDEL_DATA) / "files"


def path_of(sha256: str) -> Path:
    """The place of the file with that digest."""
    return files_directory() / sha256[:2] / sha256[2:4] / sha256


@dataclass(frozen=True, slots=True)
class Download:
    """A file that the reader may have, and whether a browser may show it in the page."""

    name: str
    path: Path
    content_type: str
    size: int
    is_inline: bool


def download(actor: Actor, record: Record, attachment_id: int) -> Download:
    """The file of a record that the actor sees; internal ones for staff only, else NotFound as for no file."""
    found = Attachment.objects.filter(pk=attachment_id, record=record).first()
    hidden = found is not None and not found.is_public and not policies.can_read_internal(actor, record)
    if found is None or hidden:
        raise NotFound("No such file.")
    inline = found.content_type in INLINE
    return Download(found.name, path_of(found.sha256), found.content_type, found.size, inline)
