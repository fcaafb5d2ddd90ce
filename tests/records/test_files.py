"""Files: known by their bytes, kept once, never shown when they could run, swept when nobody names them."""

import io
import os
import re
from datetime import timedelta
from pathlib import Path

import pytest
from django.core.files.uploadedfile import SimpleUploadedFile
from django.http import HttpResponse
from django.test import Client
from pytest_django.fixtures import Settings

from accounts.queries import actor_for
from kernel.errors import Unprocessable
from records import commands as records
from records.models import Attachment
from records.queries.files import path_of, sniff
from tests.factories import NOON, make_actor, make_user
from tests.records.flow import opened

pytestmark = pytest.mark.django_db
PNG = b"\x89PNG\r\n\x1a\n" + b"0" * 50
SVG = b'<svg xmlns="http://www.w3.org/2000/svg" onload="alert(1)"/>'
POLYGLOTS = {
    "picture.png": SVG,
    "picture.jpg": b"<html><script>alert(1)</script>",
    "page.html": b"<!doctype html><script>alert(1)</script>",
    "drawing.svg": SVG,
    "paper.pdf": b"%PDF-1.7 <script>",
    "macro.docm": b"PK\x03\x04 word/vbaProject.bin",
    "odd.webp": b"RIFX\0\0\0\0WEBP",
    "wave.wav": b"RIFF\0\0\0\0WAVEfmt ",
    "text.txt": "så här".encode(),
    "script.js": b"alert(1)",
    "bom.png": b"\xef\xbb\xbf" + SVG,
}


@pytest.fixture(autouse=True)
def data(settings: Settings, tmp_path: Path) -> Path:
    """Files of each test lie in their own directory; 1 MB is the limit."""
    settings.SPINDEL_DATA, settings.SPINDEL_MAX_UPLOAD_MB = tmp_path, 1
    return tmp_path


@pytest.mark.parametrize(
    ("start", "kind"),
    [
        (PNG, "image/png"),
        (b"\xff\xd8\xff\xe0", "image/jpeg"),
        (b"GIF89a", "image/gif"),
        (b"RIFF\0\0\0\0WEBPVP8 ", "image/webp"),
        (b"%PDF-1.7", "application/pdf"),
        (b"PK\x03\x04", "application/zip"),
        (SVG, "application/octet-stream"),
        (b"", "application/octet-stream"),
    ],
)
def test_the_bytes_tell_the_type(start: bytes, kind: str) -> None:
    assert sniff(start) == kind


def test_the_same_bytes_are_kept_once_under_their_digest(data: Path) -> None:
    one, two = records.keep("a.png", [PNG[:10], PNG[10:]]), records.keep("../../b\x00.png", [PNG])
    assert one.sha256 == two.sha256
    assert (two.name, two.size, two.content_type) == ("b.png", 58, "image/png")
    assert path_of(one.sha256).read_bytes() == PNG
    assert [path.name for path in (data / "files").rglob("*") if path.is_file()] == [".lock", one.sha256]


def test_a_file_above_the_limit_leaves_nothing(data: Path) -> None:
    with pytest.raises(Unprocessable) as refused:
        records.keep("big.iso", (b"x" * 65536 for _ in range(17)))
    assert refused.value.code == "file_too_large"
    assert "1 MB" in refused.value.message
    assert [path for path in (data / "files").rglob("*") if path.is_file()] == []


def test_only_what_nobody_names_for_a_day_is_swept(data: Path) -> None:
    agent = make_actor("agent")
    record = opened(agent)
    named, orphan, young = (records.keep(f"{n}.bin", [bytes([n])]) for n in (1, 2, 3))
    records.attach(record, [named], is_public=False, actor=agent, at=NOON)
    old = (NOON - timedelta(hours=25)).timestamp()
    for kept in (named, orphan):
        os.utime(path_of(kept.sha256), (old, old))
    os.utime(path_of(young.sha256), (NOON.timestamp(), NOON.timestamp()))
    assert records.sweep_orphans(at=NOON) == 1
    assert [path_of(kept.sha256).exists() for kept in (named, orphan, young)] == [True, False, True]


@pytest.mark.parametrize("name", sorted(POLYGLOTS))
def test_nothing_that_could_run_is_shown_in_the_page(client: Client, name: str) -> None:
    person = make_user("agent")
    record = opened(actor_for(person))
    client.force_login(person)
    client.post(
        f"/records/{record.number}/comment/",
        {"text": "", "audience": "internal", "files": SimpleUploadedFile(name, POLYGLOTS[name], "image/png")},
    )
    answer = client.get(f"/records/{record.number}/files/{Attachment.objects.get().pk}/")
    assert answer["Content-Disposition"].startswith("attachment")
    assert answer["X-Content-Type-Options"] == "nosniff"
    assert answer["Content-Security-Policy"] == "sandbox; default-src 'none'"
    assert answer["Content-Type"] not in ("image/svg+xml", "text/html")
    assert b"".join(answer) == POLYGLOTS[name]


def test_a_picture_is_shown_and_internal_files_are_not_for_requesters(client: Client) -> None:
    anna, jo = make_user(), make_user("agent")
    record = opened(actor_for(jo), requester=anna)
    for audience in ("internal", "public"):
        client.force_login(jo)
        client.post(
            f"/records/{record.number}/comment/",
            {"text": "look", "audience": audience, "files": SimpleUploadedFile(f"{audience}.png", PNG)},
        )
    hidden, shown = Attachment.objects.order_by("pk")
    answer = client.get(f"/records/{record.number}/files/{hidden.pk}/")
    assert answer["Content-Disposition"].startswith("inline")
    assert b"".join(answer) == PNG
    client.force_login(anna)
    assert b"".join(client.get(f"/records/{record.number}/files/{shown.pk}/")) == PNG
    refused = client.get(f"/records/{record.number}/files/{hidden.pk}/")
    nothing = client.get(f"/records/{record.number}/files/999999/")
    assert (refused.status_code, without_clock(refused)) == (404, without_clock(nothing))
    html = client.get(f"/my/{record.number}/").content.decode()
    assert "public.png" in html
    assert "internal.png" not in html


def test_an_upload_above_the_limit_keeps_the_words(client: Client) -> None:
    person = make_user("agent")
    record = opened(actor_for(person))
    client.force_login(person)
    big = io.BytesIO(b"x" * (1024 * 1024 + 1))
    big.name = "big.iso"
    answer = client.post(
        f"/records/{record.number}/comment/", {"text": "my words", "audience": "internal", "files": big}
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "big.iso is larger than 1 MB" in html
    assert "my words" in html
    assert Attachment.objects.count() == 0


def test_a_full_disk_is_a_sentence_and_keeps_the_words(client: Client, data: Path) -> None:
    person = make_user("agent")
    record = opened(actor_for(person))
    client.force_login(person)
    (data / "files").write_text("a file stands where the directory should be")  # nothing can be written below it
    small = SimpleUploadedFile("photo.png", PNG)
    url = f"/records/{record.number}/comment/"
    answer = client.post(url, {"text": "my words", "audience": "internal", "files": small})
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "photo.png could not be kept: the disk is full or cannot be written." in html
    assert "my words" in html
    assert client.post(url, {"text": "my words", "audience": "internal"}).status_code == 303


def test_an_upload_that_the_disk_does_not_take_drops_the_file_alone(
    client: Client, settings: Settings, tmp_path: Path
) -> None:
    person = make_user("agent")
    record = opened(actor_for(person))
    client.force_login(person)
    settings.FILE_UPLOAD_HANDLERS = ["kernel.uploads.FileOnDisk"]
    settings.FILE_UPLOAD_TEMP_DIR = tmp_path / "gone"
    answer = client.post(
        f"/records/{record.number}/comment/",
        {"text": "my words", "audience": "internal", "files": SimpleUploadedFile("photo.png", PNG)},
    )
    html = answer.content.decode()
    assert answer.status_code == 422
    assert "photo.png could not be kept" in html
    assert "my words" in html


def without_clock(answer: HttpResponse) -> bytes:
    """The page without the second at which it was made."""
    return re.sub(rb'data-now="\d+"', b"", answer.content)
