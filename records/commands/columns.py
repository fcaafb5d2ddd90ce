"""Columns of a row by name: read, compare, write, and say what changed in values and in words."""

from collections.abc import Mapping
from typing import Any

from django.db.models import Field, ForeignKey, Model

from records.queries.words import LABELS


def label_of(row: Model, name: str) -> str:
    """The field's name as people read it."""
    return str(LABELS.get(name) or str(_field(row, name).verbose_name).capitalize())


def write_columns(row: Model, values: Mapping[str, Any]) -> dict[str, dict[str, Any]]:
    """Write columns of a locked row; returns before and after (values) and words (pairs of texts) for the event."""
    before, old = {name: raw(row, name) for name in values}, {name: text(row, name) for name in values}
    for name, value in values.items():
        setattr(row, name, value)
    if any(before[name] != raw(row, name) for name in values):
        row.save(update_fields=list(values))
    after, new = {name: raw(row, name) for name in values}, {name: text(row, name) for name in values}
    return {"before": before, "after": after, "words": {name: [old[name], new[name]] for name in values}}


def raw(row: Model, name: str) -> Any:
    """The value as stored: the id for a foreign key."""
    return getattr(row, _field(row, name).attname)


def plain(row: Model, name: str, value: Any) -> Any:
    """A value as `raw` would give it back: ids for objects, one kind of line end, nothing as the column keeps it."""
    if isinstance(value, Model):
        return value.pk
    if value in ("", None):
        return None if _field(row, name).null else ""
    return value.replace("\r\n", "\n") if isinstance(value, str) else value


def revive(row: Model, name: str, value: Any) -> Any:
    """The model value of what `raw` gave: the object for an id."""
    field = _field(row, name)
    if value is None or not isinstance(field, ForeignKey):
        return value
    return field.remote_field.model._default_manager.get(pk=value)  # noqa: SLF001  # the documented model Meta API


def text(row: Model, name: str) -> str:
    """The value as people read it on the time line; a name kept in three languages stands there in English."""
    return words_of(getattr(row, name))


def words_of(value: Any) -> str:
    """A value of a column as people read it."""
    names = getattr(value, "name", None)
    if isinstance(names, dict):
        return str(names.get("en") or value)
    return "" if value is None else str(value)


def _field(row: Model, name: str) -> "Field[Any, Any]":
    field = row._meta.get_field(name)  # noqa: SLF001  # the documented model Meta API
    if not isinstance(field, Field):
        message = f"{name} is no column"
        raise TypeError(message)
    return field
