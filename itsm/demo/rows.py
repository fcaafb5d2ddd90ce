"""Rows of the bulk path until they are copied, with the audit rows that triggers would have written."""

import uuid
from collections import defaultdict
from collections.abc import Iterator
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
BLOCK = 1000
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


class Rows:
    """Everything gathered for the next copy."""

    def __init__(self) -> None:
        self.ids = {model: Ids(model) for model in COPIED if model not in (Incident, Segment)}
        self.columns = {model: columns_of(model) for model in COPIED}
        self.columns[Segment] = self.columns[Segment][1:]
        self.tracked = {model: tracked_of(model) for model in AUDITED}
        self.contexts: dict[tuple[str, int], uuid.UUID] = {}
        self.new_contexts: list[tuple[Any, ...]] = []
        self.kept: dict[type[Model], list[Model]] = defaultdict(list)
        self.versions: dict[type[Model], list[Version]] = defaultdict(list)
        self.lines: list[Line] = []

    def id(self, model: type[Model]) -> int:
        """The next id of a table."""
        return next(self.ids[model])

    def add(self, row: Model) -> None:
        """A row that will be copied as it stands then."""
        self.kept[type(row)].append(row)

    def version_of(self, row: Model) -> Version:
        """The audited columns as they stand now."""
        values = (getattr(row, name) for name in self.tracked[type(row)])
        return tuple(tuple(value) if isinstance(value, list) else value for value in values)

    def audit(self, row: Model, version: Version, label: str, *, by: Actor, at: datetime) -> None:
        """What the trigger of an insert or an update would have kept."""
        self.versions[type(row)].append((at, label, row.pk, self._context(by, at), *version))

    def _context(self, by: Actor, at: datetime) -> uuid.UUID:
        key = (by.kind, by.id)
        if key not in self.contexts:
            self.contexts[key] = uuid.uuid4()
            who = {"actor": by.id, "actor_kind": by.kind, "source": "demo"}
            self.new_contexts.append((self.contexts[key], at, at, who))
        return self.contexts[key]

    def copy(self) -> int:
        """Copy everything into the tables and forget it; returns how many rows that were."""
        written = sum(self._copied())
        for kept in (self.kept, self.versions, self.lines, self.new_contexts):
            kept.clear()
        return written

    def _copied(self) -> Iterator[int]:
        context = apps.get_model("pghistory", "Context")
        yield copy_rows(context, ("id", "created_at", "updated_at", "metadata"), self.new_contexts)
        with audit_written_here():
            for model in COPIED:
                names = self.columns[model]
                yield copy_rows(model, names, ([getattr(row, name) for name in names] for row in self.kept[model]))
        for model in AUDITED:
            yield copy_rows(audit_of(model), (*PGH, *self.tracked[model]), self.versions[model])
        yield copy_rows(Event, Line._fields, self.lines)


@contextmanager
def audit_written_here() -> Iterator[None]:
    """The triggers that keep row versions stand aside: a copied row has more than one version, and they are copied."""
    names = [trigger.get_pgid(model) for model in AUDITED for trigger in getattr(model._meta, "triggers", ())]  # noqa: SLF001  # the documented API
    with connection.cursor() as cursor:
        cursor.execute("SELECT set_config('pgtrigger.ignore', %s, true)", ["{" + ",".join(names) + "}"])
        try:
            yield
        finally:
            cursor.execute("SELECT set_config('pgtrigger.ignore', '{}', true)")
