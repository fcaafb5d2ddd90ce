"""Verbs of the registry; `from registry import commands as registry`."""

from registry.commands.component import (
    relate,
    save_component,
    save_service,
    save_type,
    undo_save,
    unrelate,
)
from registry.commands.place import save_place

__all__ = [
    "relate",
    "save_component",
    "save_place",
    "save_service",
    "save_type",
    "undo_save",
    "unrelate",
]
