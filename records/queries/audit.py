"""Who changed which field when, from the rows that database triggers keep (DOMAIN X2)."""

from dataclasses import dataclass
from datetime import datetime
from typing import Any

from django.apps import apps
from django.db.models import Model

from accounts.models import User
from records.models import ProcessRecord, Record
from records.queries.words import LABELS

NEWEST = 500


@dataclass(frozen=True, slots=True)
class Audited:
    """One field that changed."""

    at: datetime
    who: str
    source: str
    field: str
    before: str
    after: str


def audit_rows(record: Record) -> list[Audited]:
    """Every change of every field of the record and its process row, newest first; for those who may read the audit."""
    changes: list[tuple[datetime, int, str, str, Any, Any]] = []
    models: list[type[Model]] = [Record, *_process_models(record.kind)]
    for model in models:
        changes += _changes(model, record.pk)
    changes.sort(key=lambda change: change[0], reverse=True)
    names = dict(User.objects.filter(pk__in={change[1] for change in changes}).values_list("pk", "name"))
    return [
        Audited(at, names.get(who, "Spindel"), source, str(LABELS.get(name) or name), _text(before), _text(after))
        for at, who, source, name, before, after in changes[:NEWEST]
    ]


def _process_models(kind: str) -> list[type[Model]]:
    return [model for model in apps.get_models() if issubclass(model, ProcessRecord) and model._meta.model_name == kind]  # noqa: SLF001  # Meta API


def _changes(model: type[Model], pk: int) -> list[tuple[datetime, int, str, str, Any, Any]]:
    kept = apps.get_model(model._meta.app_label, f"{model.__name__}Event")  # noqa: SLF001  # the documented model Meta API
    fields = [field.attname for field in kept._meta.concrete_fields if not field.name.startswith("pgh_")]  # noqa: SLF001  # Meta API
    rows = kept._default_manager.filter(pgh_obj_id=pk).select_related("pgh_context").order_by("pgh_id")  # noqa: SLF001  # Meta API
    found: list[tuple[datetime, int, str, str, Any, Any]] = []
    last: Model | None = None
    for row in rows:
        context = row.pgh_context.metadata if row.pgh_context is not None else {}
        found += [
            (row.pgh_created_at, int(context.get("actor") or 0), str(context.get("source", "")), name, before, after)
            for name in fields
            if (before := getattr(last, name, None)) != (after := getattr(row, name))
            and not (last is None and not after)
        ]
        last = row
    return found


def _text(value: Any) -> str:
    return "" if value is None else str(value)
