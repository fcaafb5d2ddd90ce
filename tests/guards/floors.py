"""What points where: foreign keys and templates. (Imports are import-linter's.)"""

import ast
import re
from collections.abc import Iterable, Iterator

from django.db import models

from tests.guards.tree import Module, Tree, line_of

USES = re.compile(r"""{%-?\s*(include|extends)\s+["']([\w-]+)/""")
LOADS = re.compile(r"{%-?\s*load\s+([^%]+?)\s*-?%}")
PRIVATE_ROOMS = {"forms", "views", "api", "tasks", "filters", "reactions"}
LISTENERS = {"sla", "notifications"}  # they react to facts; nobody calls their commands
KEEPS: set[object] = {models.PROTECT, models.RESTRICT, models.DO_NOTHING}


def foreign_keys(tree: Tree, tables: Iterable[type[models.Model]]) -> list[str]:
    """Relations between our apps point down, leave no way back and never delete with their target."""
    faults = []
    for table in tables:
        for field in [*table._meta.fields, *table._meta.many_to_many]:
            relation = field.remote_field
            target = relation.model if relation else None
            if relation is None or not isinstance(target, type) or target._meta.app_label == table._meta.app_label:
                continue
            name, to = f"{table._meta.label}.{field.name}", target._meta.label
            if not tree.may_use(table._meta.app_label, target._meta.app_label):
                faults.append(f"{name} points up or sideways to {to}")
            if not relation.hidden:
                faults.append(f'{name} needs related_name="+"')
            if not field.many_to_many and relation.on_delete not in KEEPS:
                faults.append(f"{name} needs on_delete=PROTECT")
    return faults


def inheritance(tables: Iterable[type[models.Model]]) -> list[str]:
    """No table inherits another."""
    return [
        f"{table._meta.label} inherits a table" for table in tables if table._meta.parents and not table._meta.proxy
    ]


def templates(tree: Tree) -> list[str]:
    """A template includes, extends and loads from its own app or a lower floor."""
    faults, libraries = [], tree.tag_libraries()
    for path in tree.templates:
        text, owner = path.read_text(), tree.owner(path)
        used = [(match, match[2]) for match in USES.finditer(text)]
        used += [(match, libraries.get(name, "")) for match in LOADS.finditer(text) for name in match[1].split()]
        faults += [
            f"{tree.where(path)}:{line_of(text, match)} uses {name}"
            for match, name in used
            if name in tree.ranks and not tree.may_use(owner, name)
        ]
    return faults


def private_rooms(tree: Tree) -> list[str]:
    """An app's forms, views, api, tasks, filters and reactions are its own, and so are the listeners' commands."""
    faults = []
    for module in tree.modules:
        for node, app, room in imported_rooms(module):
            if app in (module.app, "kernel") or app not in tree.ranks or module.app == "itsm":
                continue
            if room in PRIVATE_ROOMS or (room == "commands" and app in LISTENERS):
                faults.append(f"{module.at(node)} imports {app}.{room}")
    return faults


def imported_rooms(module: Module) -> Iterator[tuple[ast.AST, str, str]]:
    """(node, app, room) of every import in the form app.room."""
    for node in ast.walk(module.syntax):
        paths: list[str] = []
        if isinstance(node, ast.Import):
            paths = [alias.name for alias in node.names]
        elif isinstance(node, ast.ImportFrom) and node.module:
            paths = [f"{node.module}.{alias.name}" for alias in node.names]
        for path in paths:
            app, _, rest = path.partition(".")
            yield node, app, rest.split(".")[0]
