"""Verbs of the registry; `from registry import commands as registry`."""

from registry.commands.component import (
    relate,
    save_component,
    save_service,
    save_type,
    undo_save,
    unrelate,
)
from registry.commands.imports import apply_import, plan_import

__all__ = [
    "apply_import",
    "plan_import",
    "relate",
    "save_component",
    "save_service",
    "save_type",
    "undo_save",
    "unrelate",
]
