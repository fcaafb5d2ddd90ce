"""Rows of the bulk path until they are copied, with the audit rows that triggers would have written."""

import uuid
from collections import defaultdict
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db import connection
from django.db.models import Model

from coordination.models import Boost, WorkItem
from incidents.models import Incident
from itsm.demo.chains import Line
from itsm.demo.copying import copy_rows, reserve_ids
from journal.models import Event
from kernel.actor import Actor
from records.models import Comment, Record
from sla.models import Clock, Deadline, Segment

COPIED: tuple[type[Model], ...] = (Record, Incident, WorkItem, Boost, Comment, Clock, Segment, Deadline)
"""Tables in the order in which their foreign keys allow copying."""
AUDITED: tuple[type[Model], ...] = (Record, Incident, WorkItem, Boost)
BLOCK = 5000
Version = tuple[Any, ...]
PGH = ("pgh_created_at", "pgh_label", "pgh_obj_id", "pgh_context_id")


def columns_of(model: type[Model]) -> tuple[str, ...]:
    """Every column of a table by the name of its attribute."""
    return tuple(field.attname for field in model._meta.concrete_fields)  # noqa: SLF001  # the documented API


def audit_of(model: type[Model]) -> type[Model]:
    """The table of row versions that belongs to an audited table."""
    return apps.get_model(model._meta.app_label, f"{model.__name__}Event")  # noqa: SLF001  # the documented API


def tracked_of(model: type[Model]) -> tuple[str, ...]:
    """The columns of an audited table that its versions keep."""
    return tuple(name for name in columns_of(audit_of(model)) if not name.startswith("pgh_"))


class Ids:
    """Ids from the table's own sequence, reserved in blocks."""

    def __init__(self, model: type[Model]) -> None:
        self.model, self.block = model, iter(range(0))

    def __next__(self) -> int:
        found = next(self.block, None)
        if found is None:
            self.block = iter(reserve_ids(self.model, BLOCK))
            found = next(self.block)
        return found


Source = Callable[[type[Model]], int]
"""Gives the next id of a table."""


def sequences() -> Source:
    """Ids of the tables' own sequences."""
    ids = {model: Ids(model) for model in COPIED}
    return lambda model: next(ids[model])


COLUMNS = {model: columns_of(model) for model in COPIED}
COLUMNS[Segment] = COLUMNS[Segment][1:]  # nobody points to a segment, so the table numbers them
TRACKED = {model: tracked_of(model) for model in AUDITED}


class Contexts:
    """Who did it, for the audit: one row for each actor in all of the history."""

    def __init__(self) -> None:
        self.known: dict[tuple[str, int], uuid.UUID] = {}
        self.new: list[tuple[Any, ...]] = []

    def of(self, by: Actor, at: datetime) -> uuid.UUID:
        """The id of the actor's context."""
        key = (by.kind, by.id)
        if key not in self.known:
            self.known[key] = uuid.uuid4()
            who = {"actor": by.id, "actor_kind": by.kind, "source": "demo"}
            self.new.append((self.known[key], at, at, who))
        return self.known[key]

    def copy(self) -> int:
        """Copy those that are new."""
        model = apps.get_model("pghistory", "Context")
        written = copy_rows(model, ("id", "created_at", "updated_at", "metadata"), self.new)
        self.new.clear()
        return written


class Rows:
    """Everything gathered for the next copy."""

    def __init__(self, id_of: Source | None = None, contexts: Contexts | None = None) -> None:
        self.id_of, self.contexts = id_of or sequences(), contexts or Contexts()
        self.kept: dict[type[Model], list[Model]] = defaultdict(list)
        self.versions: dict[type[Model], list[Version]] = defaultdict(list)
        self.lines: list[Line] = []

    def add(self, row: Model) -> None:
        """A row that will be copied as it stands then."""
        self.kept[type(row)].append(row)

    def version_of(self, row: Model) -> Version:
        """The audited columns as they stand now."""
        values = (getattr(row, name) for name in TRACKED[type(row)])
        return tuple(tuple(value) if isinstance(value, list) else value for value in values)

    def audit(self, row: Model, version: Version, label: str, *, by: Actor, at: datetime) -> None:
        """What the trigger of an insert or an update would have kept."""
        self.versions[type(row)].append((at, label, row.pk, self.contexts.of(by, at), *version))

    def copy(self) -> int:
        """Copy everything into the tables and forget it; returns how many rows that were."""
        written = sum(self._copied())
        for kept in (self.kept, self.versions, self.lines):
            kept.clear()
        return written

    def _copied(self) -> Iterator[int]:
        yield self.contexts.copy()
        with audit_written_here():
            for model in COPIED:
                names = COLUMNS[model]
                yield copy_rows(model, names, ([getattr(row, name) for name in names] for row in self.kept[model]))
        for model in AUDITED:
            yield copy_rows(audit_of(model), (*PGH, *TRACKED[model]), self.versions[model])
        yield copy_rows(Event, Line._fields, self.lines)


@contextmanager
def audit_written_here() -> Iterator[None]:
    """The triggers that keep row versions stand aside: a copied row has more than one version, and they are copied."""
    with connection.cursor() as cursor:
        stand_aside(cursor)
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")


def stand_aside(cursor: Any) -> None:
    """Until the end of the transaction no trigger writes row versions of our tables."""
    names = [trigger.get_pgid(model) for model in AUDITED for trigger in getattr(model._meta, "triggers", ())]  # noqa: SLF001  # the documented API
    cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
