"""Everything that is stored, as one ZIP file: a CSV for each table, with names beside ids, and the files on records.

It is written while it is read, out of one snapshot, so that it fits together and neither memory nor disk holds it.
"""

import io
import json
import re
import zipfile
from collections.abc import Iterator, Sequence
from datetime import UTC, date, datetime
from decimal import Decimal
from typing import Any

from django.apps import apps
from django.conf import settings
from django.db import connection, transaction
from django.db.models import Field, ForeignKey, Model, Q, QuerySet

from kernel.actor import Actor
from kernel.spreadsheets.writing import Cell, csv_pieces
from records.commands.record import SEQUENCES
from records.models import Attachment, Record
from records.queries.files import path_of

LEFT_OUT = {
    "accounts.UserSession": "who is signed in now",
    "accounts.IdempotencyKey": "answers kept for a day",
    "accounts.ImportFile": "files kept for a day",
    "coordination.Ranking": "computed",
    "journal.Heartbeat": "signs of life",
    "journal.Outbox": "a queue",
    "journal.SearchDocument": "computed",
    "records.Draft": "not said yet",
    "records.Undo": "a minute's memory",
}
"""Tables that are not exported, each with its reason; every other table of ours is."""
SECRETS = frozenset({"password", "secret"})
NAMES = ("number", "tag", "code", "email", "name")
"""What names a row, in this order; stands beside every id that points at one."""
CHUNK = 2_000
BYTES = 256 * 1024
EARLIEST = (1980, 1, 1, 0, 0, 0)


class _Drain(io.RawIOBase):
    """Where the ZIP file is written to and taken from at once; it cannot be gone back in."""

    def __init__(self) -> None:
        self.pieces: list[bytes] = []

    def writable(self) -> bool:
        """Yes."""
        return True

    def write(self, piece: Any) -> int:
        """Keep a piece until it is taken."""
        self.pieces.append(bytes(piece))
        return len(piece)

    def taken(self) -> bytes:
        """What was written since the last time."""
        piece = b"".join(self.pieces)
        self.pieces.clear()
        return piece


def _meta(model: type[Model]) -> Any:
    return model._meta  # noqa: SLF001  # the documented model Meta API


def tables() -> list[type[Model]]:
    """Every table that is exported, in the order of the floors; those of the audit trail among them."""
    models = [model for app in settings.FLOORS[1:] for model in apps.get_app_config(app).get_models()]
    return [*(each for each in models if _meta(each).label not in LEFT_OUT), apps.get_model("pghistory", "Context")]


def everything(actor: Actor | None, at: datetime) -> Iterator[bytes]:
    """The ZIP file in pieces. Confidential records that `actor` may not open stay out; None, the operator, has all."""
    drain, missing = _Drain(), []
    with _snapshot(), zipfile.ZipFile(drain, "w", zipfile.ZIP_DEFLATED) as archive:
        hidden = _hidden(actor)
        for model in tables():
            with archive.open(_entry(f"tables/{_meta(model).db_table}.csv", at), "w", force_zip64=True) as member:
                for piece in csv_pieces(_header(model), _lines(model, hidden), zone=UTC):
                    member.write(piece)
                    yield drain.taken()
        for attachment, number in _files(hidden):
            path = path_of(attachment.sha256)
            if not path.is_file():
                missing.append(f"{number}: {attachment.name} ({attachment.sha256})")
                continue
            name = f"files/{number}/{attachment.pk}-{_safe(attachment.name)}"
            with archive.open(_entry(name, at), "w", force_zip64=True) as member, path.open("rb") as content:
                while piece := content.read(BYTES):
                    member.write(piece)
                    yield drain.taken()
        archive.writestr(_entry("README.txt", at), _readme(at, len(hidden), missing))
    yield drain.taken()


def _entry(name: str, at: datetime) -> zipfile.ZipInfo:
    entry = zipfile.ZipInfo(name, max(EARLIEST, at.astimezone(UTC).timetuple()[:6]))
    entry.compress_type = zipfile.ZIP_DEFLATED
    return entry


def _snapshot() -> Any:
    """One view of the database from beginning to end; a slow reader may take a quarter of an hour between pieces."""
    outermost = not connection.in_atomic_block
    scope = transaction.atomic()
    if outermost:
        return _Opened(scope)
    return scope


class _Opened:
    def __init__(self, scope: Any) -> None:
        self.scope = scope

    def __enter__(self) -> None:
        self.scope.__enter__()
        with connection.cursor() as cursor:
            cursor.execute("SET TRANSACTION ISOLATION LEVEL REPEATABLE READ, READ ONLY")
            cursor.execute("SET LOCAL idle_in_transaction_session_timeout = '15min'")

    def __exit__(self, *fault: Any) -> Any:
        return self.scope.__exit__(*fault)


def _hidden(actor: Actor | None) -> list[int]:
    """Ids of confidential records that the actor may not open."""
    rows = Record.objects.exclude(confidential_class="")
    if actor is None:
        return []
    return list(rows.exclude(audience__overlap=actor.audience).values_list("pk", flat=True))


def _fields(model: type[Model]) -> "list[Field[Any, Any]]":
    is_token = (_meta(model).model_name or "").startswith("token")
    return [
        field
        for field in _meta(model).concrete_fields
        if field.name not in SECRETS and not (is_token and field.name == "digest")
    ]


def _named(model: type[Model]) -> list[tuple[str, str]]:
    """Relations whose row has a name: (relation, the name's column behind it)."""
    found = []
    for field in _fields(model):
        if isinstance(field, ForeignKey):
            own = {each.name for each in _meta(field.related_model).concrete_fields}
            name = next((each for each in NAMES if each in own), None)
            if name is not None:
                found.append((field.name, f"{field.name}__{name}"))
    return found


def _header(model: type[Model]) -> list[str]:
    return [*(field.attname for field in _fields(model)), *(f"{name} (name)" for name, _path in _named(model))]


def _lines(model: type[Model], hidden: Sequence[int]) -> Iterator[list[Cell]]:
    columns = [*(field.attname for field in _fields(model)), *(path for _name, path in _named(model))]
    rows = _visible(model, hidden).order_by("pk").values_list(*columns)
    for row in rows.iterator(chunk_size=CHUNK):
        yield [_cell(value) for value in row]


def _visible(model: type[Model], hidden: Sequence[int]) -> QuerySet[Any]:
    rows: QuerySet[Any] = _meta(model).default_manager.all()
    if not hidden:
        return rows
    own = {field.attname for field in _meta(model).concrete_fields}
    for path in _paths(model):
        rows = rows.exclude(**{f"{path}__in": hidden})
    if "record_id" in own and "record" not in _paths(model):
        rows = rows.exclude(record_id__in=hidden)
    if {"subject_kind", "subject_id"} <= own:
        rows = rows.exclude(Q(subject_kind__in=SEQUENCES, subject_id__in=hidden))
    return rows


def _paths(model: type[Model], depth: int = 3) -> list[str]:
    """How a row hangs on records: the record itself, relations to it, relations to what has them."""
    if model is Record:
        return ["pk"]
    found = []
    for field in _meta(model).concrete_fields:
        if not isinstance(field, ForeignKey) or field.related_model is model:
            continue
        if field.related_model is Record:
            found.append(field.attname)
        elif depth > 1:
            found += [f"{field.name}__{path}" for path in _paths(field.related_model, depth - 1)]
    return found


def _cell(value: Any) -> Cell:
    if value is None or isinstance(value, str | int | float | Decimal | bool | date):
        return value
    if isinstance(value, bytes | memoryview):
        return bytes(value).hex()
    if isinstance(value, dict | list):
        return json.dumps(value, ensure_ascii=False, default=str)
    return str(value)


def _files(hidden: Sequence[int]) -> Iterator[tuple[Attachment, str]]:
    rows = Attachment.objects.exclude(record__in=hidden).select_related("record").order_by("pk")
    for attachment in rows.iterator(chunk_size=CHUNK):
        yield attachment, attachment.record.number


def _safe(name: str) -> str:
    return re.sub(r"[^\w.() -]", "_", name).strip(". ")[-100:] or "file"


def _readme(at: datetime, hidden: int, missing: Sequence[str]) -> str:
    lines = [
        f"Everything that Spindel has stored, as of {at.astimezone(UTC):%Y-%m-%d %H:%M:%S} UTC.",
        "tables/: one CSV file for each table (UTF-8, times in UTC). Ids as stored; columns that end in (name) say in",
        "words what an id points at. Tables whose names end in event are the audit trail, field by field.",
        "files/: the files on records, by the number of the record.",
        "An apostrophe before =, +, - or @ keeps spreadsheets from calculating the text.",
        "",
        "Left out: passwords, secrets of tokens and webhooks, and the tables",
        *(f"- {label}: {reason}" for label, reason in LEFT_OUT.items()),
    ]
    if hidden:
        lines.append(f"- {hidden} confidential records that the person who exported may not open, with all about them")
    if missing:
        lines += ["", "Files that are named but were not found:", *missing]
    return "\n".join(lines) + "\n"
