"""Every table is either followed by database triggers or on the list of those that are not, with a reason."""

from django.apps import apps
from django.conf import settings
from pghistory.models import Event

from itsm.audit import UNAUDITED

OURS = [model for model in apps.get_models() if model._meta.app_label in settings.FLOORS]
VERSIONS = [model for model in OURS if issubclass(model, Event)]
AUDITED = {tracked._meta.label for model in VERSIONS if (tracked := getattr(model, "pgh_tracked_model", None))}
TABLES = {model._meta.label for model in OURS if model not in VERSIONS}


def test_every_table_is_audited_or_listed() -> None:
    assert sorted(TABLES - AUDITED - set(UNAUDITED)) == []


def test_list_names_only_tables_without_audit() -> None:
    assert sorted(set(UNAUDITED) - (TABLES - AUDITED)) == []
    assert all(UNAUDITED.values())


def test_secrets_never_reach_the_audit() -> None:
    names = {f"{model._meta.label}.{field.name}" for model in VERSIONS for field in model._meta.fields}
    assert [name for name in names if name.endswith((".password", ".digest", ".secret"))] == []
