"""The field-level audit as auditors read it: acts, newest first, each with its fields in words (DOMAIN X2)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass
from datetime import date, datetime
from itertools import groupby
from typing import Any

from django.db.models import Field, ForeignKey, Model
from django.utils import timezone
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from journal.queries.kinds import kind_of
from kernel.actor import Actor
from kernel.templatetags.spindel import localname
from records.models import Record
from records.queries.audit import NEWEST, Change, changes, names_of
from records.queries.record import numbers_of
from records.queries.words import LABELS
from registry.models import Service

Words = Callable[[Any], object]

SILENT = frozenset({"record", "kind", "phase", "number"})
"""Columns that say nothing of their own: they are the row's key, or follow from the state."""

LANGUAGES = {"en": lazy("English"), "sv": lazy("Swedish"), "zh-hans": lazy("Chinese")}
VALUES: dict[tuple[str, str], Words] = {
    ("record", "priority"): lambda level: f"P{level}",
    ("record", "lang"): lambda code: LANGUAGES.get(code, code),
}
"""(model, column) → its value in words. A process adds its own in AppConfig.ready."""

SOURCES: dict[str, object] = {
    "web": lazy("in the browser"), "api": lazy("through the API"), "demo": lazy("demo data"),
    "sweep": lazy("by itself, when the time came"), "relay": lazy("by itself, after another change"),
    "manage": lazy("at the command line"),
}  # fmt: skip
"""By which door a change came."""


@dataclass(frozen=True, slots=True)
class Line:
    """One field: what it was and what it became; empty where nothing stood."""

    label: str
    before: str
    after: str


@dataclass(frozen=True, slots=True)
class Act:
    """What one person or the system changed at once."""

    at: datetime
    who: str
    source: str
    lines: tuple[Line, ...]


def register_values(kind: str, words: Mapping[str, Words]) -> None:
    """A process says how the values of its own columns read."""
    VALUES.update({(kind, name): said for name, said in words.items()})


def trail(actor: Actor, record: Record) -> list[Act]:
    """Every change of every field of the record and its process row, grouped by the moment they were made together."""
    found = [change for change in changes(record) if change.name not in SILENT][:NEWEST]
    people, named = names_of(found), _named(actor, found)
    acts = []
    for _act, together in groupby(found, key=lambda change: (change.at, change.act)):
        done = list(together)
        who, source = people.get(done[0].who, "Spindel"), str(SOURCES.get(done[0].source, done[0].source))
        acts.append(Act(done[0].at, who, source, tuple(_line(change, record, named) for change in done)))
    return acts


def _line(change: Change, record: Record, named: Mapping[tuple[type[Model], int], str]) -> Line:
    def said(value: Any) -> str:
        return _said(change, value, record, named)

    return Line(_label(change.field), said(change.before), said(change.after))


def _label(field: "Field[Any, Any]") -> str:
    label = LABELS.get(field.name) or str(field.verbose_name)
    text = str(label)
    return text[:1].upper() + text[1:]


def _said(change: Change, value: Any, record: Record, named: Mapping[tuple[type[Model], int], str]) -> str:
    field, words = change.field, VALUES.get((change.model, change.name))
    if value is None or value in ("", []):
        return ""
    if isinstance(field, ForeignKey):
        return named.get((field.related_model, value), f"({value})")
    if change.model == "record" and change.name == "state":
        kind = kind_of(record.kind)
        return kind.state_label(value) if kind is not None else str(value)
    return str(words(value)) if words is not None else _plain(value)


def _plain(value: Any) -> str:
    if isinstance(value, bool):
        return _("yes") if value else _("no")
    if isinstance(value, datetime):
        return timezone.localtime(value).strftime("%Y-%m-%d %H:%M")
    if isinstance(value, date):
        return value.isoformat()
    return ", ".join(map(str, value)) if isinstance(value, list) else str(value)


def _named(actor: Actor, found: Iterable[Change]) -> dict[tuple[type[Model], int], str]:
    """What the ids in foreign keys stand for: one statement for each kind of thing."""
    wanted: dict[type[Model], set[int]] = {}
    for change in found:
        if isinstance(change.field, ForeignKey):
            ids = wanted.setdefault(change.field.related_model, set())
            ids.update(value for value in (change.before, change.after) if value)
    return {(model, pk): name for model, ids in wanted.items() for pk, name in _names(actor, model, ids).items()}


def _names(actor: Actor, model: type[Model], ids: set[int]) -> dict[int, str]:
    if model is Record:
        seen = numbers_of(actor, ids)
        hidden = _("a record that not everybody may see")
        return {pk: seen[pk][1] if pk in seen else hidden for pk in ids}
    if model is Service:
        rows = Service.objects.filter(pk__in=ids).values_list("pk", "component__name")
        return dict(rows)
    return {pk: localname(getattr(row, "name", "")) or str(row) for pk, row in _rows(model, ids)}


def _rows(model: type[Model], ids: set[int]) -> Iterable[tuple[int, Model]]:
    return model._default_manager.in_bulk(list(ids)).items()  # noqa: SLF001  # the documented model Meta API
