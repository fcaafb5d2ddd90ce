"""PostgreSQL's COPY for rows of our tables: text format, one encoder a column, ids reserved from the sequences."""

import json
from collections.abc import Callable, Iterable, Sequence
from datetime import datetime
from io import StringIO
from typing import Any

from django.contrib.postgres.fields import ArrayField
from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection
from django.db.models import BinaryField, DateTimeField, Field, JSONField, Model

Encoder = Callable[[Any], str]
NULL = r"\N"
_ESCAPES = str.maketrans({"\\": r"\\", "\n": r"\n", "\t": r"\t", "\r": r"\r"})


def copy_rows(model: type[Model], columns: Sequence[str], rows: Iterable[Sequence[Any]]) -> int:
    """Copy the rows into the model's table; columns not named get their database defaults. Returns how many."""
    encoders = [encoder_of(model, name) for name in columns]
    lines = [
        "\t".join([NULL if value is None else encode(value) for encode, value in zip(encoders, row, strict=True)])
        for row in rows
    ]
    copy_text(model, columns, lines)
    return len(lines)


def copy_text(model: type[Model], columns: Sequence[str], lines: Sequence[str]) -> None:
    """Copy lines that are encoded already."""
    if not lines:
        return
    names = ", ".join(f'"{name}"' for name in columns)
    with connection.cursor() as cursor:
        stream = StringIO("\n".join(lines) + "\n")
        cursor.copy_expert(f'COPY "{model._meta.db_table}" ({names}) FROM STDIN', stream)  # noqa: SLF001  # documented


def encoder_of(model: type[Model], attname: str) -> Encoder:
    """How a value of that column is written."""
    fields = {field.attname: field for field in model._meta.concrete_fields}  # noqa: SLF001  # the documented API
    return encoder_for(fields[attname])


def encoder_for(field: "Field[Any, Any]") -> Encoder:
    """How a value of that field is written."""
    if isinstance(field, JSONField):
        return _json
    if isinstance(field, ArrayField):
        return _times if isinstance(field.base_field, DateTimeField) else _array
    if isinstance(field, BinaryField):
        return _bytes
    return _plain


def _plain(value: Any) -> str:
    if isinstance(value, str):
        return value.translate(_ESCAPES)
    if isinstance(value, bool):
        return "t" if value else "f"
    return value.isoformat() if isinstance(value, datetime) else str(value)


def _json(value: Any) -> str:
    return json.dumps(value, cls=DjangoJSONEncoder, ensure_ascii=False).translate(_ESCAPES)


def _array(value: Sequence[Any]) -> str:
    return "{" + ",".join(str(each) for each in value) + "}"


def _times(value: Sequence[datetime]) -> str:
    return "{" + ",".join(f'"{each.isoformat()}"' for each in value) + "}"


def _bytes(value: bytes) -> str:
    return r"\\x" + value.hex()


def reserve_ids(model: type[Model], count: int) -> range:
    """That many ids of the model's sequence, for nobody else."""
    table = model._meta.db_table  # noqa: SLF001  # the documented model Meta API
    column = model._meta.pk.column  # noqa: SLF001  # the documented model Meta API
    return reserve(f"pg_get_serial_sequence('{table}', '{column}')", count)


def reserve(sequence: str, count: int) -> range:
    """That many numbers of a sequence (an SQL expression that names it), for nobody else."""
    if not count:
        return range(0)
    with connection.cursor() as cursor:
        cursor.execute(f"SELECT setval({sequence}, nextval({sequence}) + %s - 1)", [count])
        last: int = cursor.fetchone()[0]
    return range(last - count + 1, last + 1)
