"""Keyset paging: the page after or before a row, found by its sort values, as fast on row 1,000,000 as on row 1."""

import base64
import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from typing import Any, Generic, TypeVar

from django.core.exceptions import ValidationError
from django.db.models import F, Model, Q, QuerySet
from django.db.models.expressions import OrderBy

PAGE_SIZE = 50
M = TypeVar("M", bound=Model)


@dataclass(frozen=True, slots=True)
class Key:
    """One part of an ordering. Nulls come last in either direction. The last key of an ordering must be unique."""

    field: str
    is_descending: bool = False
    is_nullable: bool = False


def place_of(query: Mapping[str, str]) -> dict[str, Any]:
    """Where a list stands by its address, `?after=` or `?before=`, as `page_of` takes it."""
    before = query.get("before", "")
    return {"cursor": before or query.get("after", ""), "is_backwards": bool(before)}


def ordering(keys: Sequence[Key], *, is_backwards: bool = False) -> list[OrderBy]:
    """What to give `order_by`; backwards walks from the end, nulls first."""
    return [_order(key, is_backwards=is_backwards) for key in keys]


def _order(key: Key, *, is_backwards: bool) -> OrderBy:
    descending = key.is_descending != is_backwards
    nulls: dict[str, Any] = {}
    if key.is_nullable:
        nulls = {"nulls_first": True} if is_backwards else {"nulls_last": True}
    return F(key.field).desc(**nulls) if descending else F(key.field).asc(**nulls)


def beyond(keys: Sequence[Key], values: Sequence[Any], *, is_backwards: bool = False) -> Q:
    """The rows strictly after (or before) the row with these values in the given ordering."""
    result = Q(pk__in=[])
    ties = Q()
    for key, value in zip(keys, values, strict=True):
        past = _past(key, value, is_backwards=is_backwards)
        if past is not None:
            result |= ties & past
        ties &= Q(**{f"{key.field}__isnull": True}) if value is None else Q(**{key.field: value})
    return result


def _past(key: Key, value: Any, *, is_backwards: bool) -> Q | None:
    if value is None:  # among the nulls, which are last
        return Q(**{f"{key.field}__isnull": False}) if is_backwards else None
    past = Q(**{f"{key.field}__{'lt' if key.is_descending != is_backwards else 'gt'}": value})
    if key.is_nullable and not is_backwards:
        past |= Q(**{f"{key.field}__isnull": True})
    return past


def encode(values: Sequence[Any]) -> str:
    """Sort values as text for an address."""
    plain = [{"at": value.isoformat()} if isinstance(value, datetime) else value for value in values]
    return base64.urlsafe_b64encode(json.dumps(plain, separators=(",", ":")).encode()).decode().rstrip("=")


def decode(cursor: str, size: int) -> list[Any] | None:
    """Sort values from an address, or None when the text is not a cursor of this ordering: show the first page."""
    try:
        plain = json.loads(base64.urlsafe_b64decode(cursor + "=" * (-len(cursor) % 4)))
        values = [datetime.fromisoformat(each["at"]) if isinstance(each, dict) else each for each in plain]
    except (ValueError, KeyError, TypeError):
        return None
    is_text_safe = not any(isinstance(each, str) and "\0" in each for each in values)
    return values if len(values) == size and is_text_safe else None


@dataclass(frozen=True, slots=True)
class Page(Generic[M]):
    """Some rows in order, and the cursors of the pages on both sides; an empty cursor means there is none."""

    rows: list[M]
    newer: str
    older: str


def page_of(
    rows: QuerySet[M], keys: Sequence[Key], *, cursor: str = "", is_backwards: bool = False, size: int = PAGE_SIZE
) -> Page[M]:
    """One page of `rows` in the ordering of `keys`: one query of size + 1. Cursor and direction as in ListState."""
    values = decode(cursor, len(keys)) if cursor else None
    if values is not None:
        try:
            rows = rows.filter(beyond(keys, values, is_backwards=is_backwards))
        except (ValueError, TypeError, ValidationError):  # values of other types than the keys': somebody's own cursor
            values = None
    backwards = is_backwards and values is not None
    found = list(rows.order_by(*ordering(keys, is_backwards=backwards))[: size + 1])
    has_more, found = len(found) > size, found[:size]
    if backwards:
        found.reverse()
    if not found:
        return Page([], "", "")
    first, last = (encode([_value(row, key) for key in keys]) for row in (found[0], found[-1]))
    newer = first if (has_more if backwards else values is not None) else ""
    older = last if (True if backwards else has_more) else ""
    return Page(found, newer, older)


def _value(row: Model, key: Key) -> Any:
    value: Any = row
    for part in key.field.split("__"):
        value = getattr(value, part)
    return value
