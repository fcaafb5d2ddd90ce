"""Who changed which field when, from the rows that database triggers keep (DOMAIN X2)."""

from collections.abc import Iterable
from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Field, Model

from accounts.models import User
from records.models import ProcessRecord, Record

NEWEST = 500


@dataclass(frozen=True, slots=True)
class Change:
    """One column of one row that changed, in stored values: ids for foreign keys. `who` is 0 for the
    system, `act` joins what one command changed."""

    at: datetime
    who: int
    source: str
    model: str
    field: "Field[Any, Any]"
    before: Any
    after: Any
    act: str = ""

    @property
    def name(self) -> str:
        """The column, as the model calls it."""
        return self.field.name


@dataclass(frozen=True, slots=True)
class Audited:
    """One field that changed, for programs: column and values as they are stored."""

    at: datetime
    who: str
    source: str
    field: str
    before: str
    after: str


def audit_rows(record: Record) -> list[Audited]:
    """Every change of every field of the record and its process row, newest first; for those who may read the audit."""
    found = changes(record)[:NEWEST]
    names = names_of(found)
    return [
        Audited(change.at, names.get(change.who, "Spindel"), change.source, change.field.attname, _text(change.before),
                _text(change.after))
        for change in found
    ]  # fmt: skip


def changes(record: Record) -> list[Change]:
    """All of them, newest first; what changed in one transaction stands together, in the order of the columns."""
    models: list[type[Model]] = [Record, *_process_models(record.kind)]
    found = [change for model in models for change in _changes(model, record.pk)]
    return sorted(found, key=lambda change: change.at, reverse=True)


def names_of(found: Iterable[Change]) -> dict[int, str]:
    """The people who made the changes, by id."""
    return dict(User.objects.filter(pk__in={change.who for change in found}).values_list("pk", "name"))


def _process_models(kind: str) -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, ProcessRecord) and model._meta.model_name == kind]  # noqa: SLF001  # Meta API


def _changes(model: type[Model], pk: int) -> list[Change]:
    kept = apps.get_model(model._meta.app_label, f"{model.__name__}Event")  # noqa: SLF001  # the documented model Meta API
    fields = [field for field in model._meta.concrete_fields if _is_kept(kept, field) and not field.primary_key]  # noqa: SLF001  # Meta API
    rows = kept._default_manager.filter(pgh_obj_id=pk).select_related("pgh_context").order_by("pgh_id")  # noqa: SLF001  # Meta API
    found: list[Change] = []
    last: Model | None = None
    for row in rows:
        context = row.pgh_context.metadata if row.pgh_context is not None else {}
        who, act = int(context.get("actor") or 0), str(row.pgh_context_id)
        for field in fields:
            before, after = getattr(last, field.attname, None), getattr(row, field.attname)
            if before != after and (last is not None or after):
                by = (who, str(context.get("source", "")), str(model.__name__).lower())
                found.append(Change(row.pgh_created_at, *by, field, before, after, act))
        last = row
    return found


def _is_kept(kept: type[Model], field: "Field[Any, Any]") -> bool:
    return any(each.attname == field.attname for each in kept._meta.concrete_fields)  # noqa: SLF001  # the documented model Meta API


def _text(value: Any) -> str:
    return "" if value is None else str(value)
