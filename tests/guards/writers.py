"""Each column has one writer, rows are made by the app that owns them, doors ask queries, commands lock first."""

import ast
import re
from collections.abc import Iterator

from tests.guards.tree import Module, Tree, functions

# Column to the only app that may write it, whatever the table.
COLUMNS = {"phase": "records", "assignee": "coordination"}
# Table to the only app that makes, changes or deletes its rows.
TABLES = {
    "Record": "records",
    "Comment": "records",
    "Link": "records",
    "WorkItem": "coordination",
    "Ranking": "coordination",
    "Clock": "sla",
    "Segment": "sla",
    "Deadline": "sla",
    "Event": "journal",
    "Outbox": "journal",
    "Seal": "journal",
}
WRITING = {"create", "bulk_create", "get_or_create", "update_or_create", "update", "bulk_update", "delete"}
# Writes rows of every room in bulk, and is held to the commands by tests/demo/test_same_rows.py (ARCHITECTURE 13).
BULK = "itsm/demo/"
DOORS = {"views", "api", "tasks"}
LOCKED = {"Record", "Incident", "WorkItem"}


def columns(tree: Tree) -> list[str]:
    """State is written by the app that owns the column; a record's state and phase only by records."""
    faults = []
    for module in tree.modules:
        if module.where.startswith(BULK):
            continue
        own_state = owns_state(tree, module.app)
        for node, receiver, column in writes(module.syntax):
            if column == "state":
                allowed = own_state and (module.app == "records" or not is_record(receiver))
            else:
                allowed = COLUMNS.get(column, module.app) == module.app
            if not allowed:
                faults.append(f"{module.at(node)} writes {column}")
    return faults


def owns_state(tree: Tree, app: str) -> bool:
    """Whether a table of the app has a column named state."""
    return any(
        isinstance(node, ast.Assign | ast.AnnAssign) and "state" in names(node)
        for module in tree.modules
        if module.app == app and module.room == "models"
        for table in ast.walk(module.syntax)
        if isinstance(table, ast.ClassDef)
        for node in table.body
    )


def names(node: ast.Assign | ast.AnnAssign) -> list[str]:
    """Plain names on the left of an assignment."""
    targets = node.targets if isinstance(node, ast.Assign) else [node.target]
    return [target.id for target in targets if isinstance(target, ast.Name)]


def writes(syntax: ast.Module) -> Iterator[tuple[ast.AST, str, str]]:
    """(node, receiver as text, column) of whatever sets an attribute or a column."""
    for node in ast.walk(syntax):
        if isinstance(node, ast.Attribute) and isinstance(node.ctx, ast.Store):
            yield node, ast.unparse(node.value), node.attr
        elif isinstance(node, ast.Call):
            receiver, columns = called_columns(node)
            yield from ((node, receiver, column) for column in columns)


def called_columns(call: ast.Call) -> tuple[str, list[str]]:
    """What setattr(x, "column", …), rows.update(column=…) and rows.bulk_update(…, ["column"]) write."""
    function = call.func
    if isinstance(function, ast.Name) and function.id == "setattr":
        return ast.unparse(call.args[0]), strings(call.args[1])
    if not isinstance(function, ast.Attribute) or function.attr not in ("update", "bulk_update"):
        return "", []
    receiver = ast.unparse(function.value)
    if function.attr == "update":
        return receiver, [keyword.arg for keyword in call.keywords if keyword.arg]
    listed = [*call.args[1:], *(keyword.value for keyword in call.keywords)]
    return receiver, [text for value in listed for text in strings(value)]


def strings(node: ast.AST) -> list[str]:
    """String literals below a node."""
    return [part.value for part in ast.walk(node) if isinstance(part, ast.Constant) and isinstance(part.value, str)]


def is_record(receiver: str) -> bool:
    """Whether the text names a record: record, incident.record, Record.objects.filter(…)."""
    return receiver.split(".")[-1] in ("record", "records") or receiver.split(".")[0] in ("Record", "record")


def rows(tree: Tree) -> list[str]:
    """Rows of the tables that everybody reads are written by one app."""
    return [
        f"{module.at(node)} writes rows of {table}"
        for module in tree.modules
        if not module.where.startswith(BULK)
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Call)
        and (table := written_table(node, models_known_to(module)))
        and TABLES[table] != module.app
    ]


def models_known_to(module: Module) -> set[str]:
    """Names that the module imports from somebody's models."""
    imports = [node for node in ast.walk(module.syntax) if isinstance(node, ast.ImportFrom)]
    return {alias.name for node in imports if (node.module or "").endswith(".models") for alias in node.names}


def written_table(call: ast.Call, known: set[str]) -> str | None:
    """The listed table that a call makes, changes or deletes rows of, if any."""
    text = re.split(r"[.(]", ast.unparse(call.func))
    root = text[0] if len(text) == 1 and text[0] in known else ""
    if len(text) > 1 and text[-1] in WRITING and "objects" in text:
        root = text[text.index("objects") - 1]
    return root if root in TABLES else None


def doors(tree: Tree) -> list[str]:
    """Views, API and tasks ask queries for their rows."""
    return [
        f"{module.at(node)} uses .{node.attr}"
        for module in tree.modules
        if module.room in DOORS
        for node in ast.walk(module.syntax)
        if isinstance(node, ast.Attribute) and node.attr in ("objects", "_default_manager")
    ]


def commands(tree: Tree) -> list[str]:
    """A command takes `actor` and `at` by keyword, and one that is given a record locks it before anything else.

    A part of a command says in its docstring that the caller has locked ("Record locked.") and is free of both.
    """
    faults = []
    for module in tree.modules:
        for function in public_functions(module) if module.room == "commands" else []:
            if not is_command(function) or "locked" in (ast.get_docstring(function) or ""):
                continue
            named = {argument.arg for argument in function.args.kwonlyargs}
            if annotated(function) == "Fact":
                named |= {"actor", "at"}  # a fact carries both
            if missing := {"actor", "at"} - named:
                faults.append(f"{module.at(function)} {function.name} lacks keyword-only {', '.join(sorted(missing))}")
            if takes_record(function) and not locks_first(function):
                faults.append(f"{module.at(function)} {function.name} does not lock first")
    return faults


def is_command(function: ast.FunctionDef) -> bool:
    """Whether the function carries the decorator that makes it one atomic verb."""
    return any(ast.unparse(decorator).split(".")[-1] == "command" for decorator in function.decorator_list)


def public_functions(module: Module) -> list[ast.FunctionDef]:
    """Functions at the top of a module without an underscore."""
    return [node for node in module.syntax.body if isinstance(node, ast.FunctionDef) and node.name[0] != "_"]


def takes_record(function: ast.FunctionDef) -> bool:
    """Whether the subject, the first argument, is a row that other people change at the same time."""
    return annotated(function) in LOCKED


def annotated(function: ast.FunctionDef) -> str:
    """Type of the first argument, without its module."""
    arguments = [*function.args.posonlyargs, *function.args.args]
    if not arguments or arguments[0].annotation is None:
        return ""
    return ast.unparse(arguments[0].annotation).strip("'\"").split(".")[-1]


def locks_first(function: ast.FunctionDef) -> bool:
    """Whether the first statement after the docstring calls something named lock…"""
    body = function.body
    if isinstance(body[0], ast.Expr) and isinstance(body[0].value, ast.Constant):
        body = body[1:]
    calls = [node for node in ast.walk(body[0]) if isinstance(node, ast.Call)] if body else []
    return any(ast.unparse(call.func).split(".")[-1].lstrip("_").startswith("lock") for call in calls)


def sizes(tree: Tree) -> list[str]:
    """No file over 400 lines, no function over 50."""
    faults = [f"{module.where} has {n} lines" for module in tree.modules if (n := module.text.count("\n")) > 400]
    for module in tree.modules:
        for function in functions(module.syntax):
            lines = (function.end_lineno or 0) - function.lineno + 1
            if lines > 50:
                faults.append(f"{module.at(function)} {function.name} has {lines} lines")
    return faults
