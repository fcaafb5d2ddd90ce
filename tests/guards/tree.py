"""The repository as the guards see it: apps on floors, modules in rooms, templates with owners."""

import ast
import re
import tomllib
from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property
from pathlib import Path

REPOSITORY = Path(__file__).resolve().parent.parent.parent
NOT_OURS = {".venv", ".git", "var", "node_modules", "__pycache__", "migrations", "staticfiles"}


@dataclass(frozen=True)
class Module:
    """One Python file of an app. `room` is views, commands, … whether it is a file or a package."""

    path: Path
    where: str
    app: str
    room: str

    @cached_property
    def text(self) -> str:
        return self.path.read_text()

    @cached_property
    def syntax(self) -> ast.Module:
        return ast.parse(self.text)

    def at(self, node: ast.AST) -> str:
        return f"{self.where}:{getattr(node, 'lineno', 0)}"


@dataclass(frozen=True)
class Tree:
    """A repository, ours or a broken one made by a test."""

    root: Path

    @cached_property
    def ranks(self) -> dict[str, int]:
        """App to floor, from the import contract; a higher number is a higher floor."""
        contracts = tomllib.loads((self.root / "pyproject.toml").read_text())["tool"]["importlinter"]["contracts"]
        layers = next(contract for contract in contracts if contract["id"] == "floors")["layers"]
        return {app.strip(" ()"): len(layers) - row for row, names in enumerate(layers) for app in names.split("|")}

    def may_use(self, user: str, used: str) -> bool:
        """Itself, or something on a lower floor. What has no floor belongs to the lowest."""
        lowest = min(self.ranks.values())
        floor = self.ranks.get(used, lowest)
        return user == used or floor == lowest or self.ranks.get(user, lowest) > floor

    @cached_property
    def modules(self) -> list[Module]:
        """Every Python file of every app except migrations."""
        return [self._module(path, app) for app in self.ranks for path in self._files(app, "*.py")]

    @cached_property
    def templates(self) -> list[Path]:
        return list(self._files("templates", "*.html"))

    def owner(self, template: Path) -> str:
        """The app whose folder holds the template; base.html and _components belong to nobody."""
        return template.relative_to(self.root / "templates").parts[0]

    def tag_libraries(self) -> dict[str, str]:
        """Template tag library to the app that defines it."""
        return {module.path.stem: module.app for module in self.modules if module.room == "templatetags"}

    def where(self, path: Path) -> str:
        return path.relative_to(self.root).as_posix()

    def _module(self, path: Path, app: str) -> Module:
        inside = path.relative_to(self.root / app).parts
        return Module(path, self.where(path), app, inside[0].removesuffix(".py"))

    def _files(self, folder: str, pattern: str) -> Iterator[Path]:
        for path in sorted((self.root / folder).rglob(pattern)):
            if not NOT_OURS & set(path.relative_to(self.root).parts):
                yield path


def functions(syntax: ast.Module) -> list[ast.FunctionDef | ast.AsyncFunctionDef]:
    """Every function and method."""
    return [node for node in ast.walk(syntax) if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef)]


def line_of(text: str, match: re.Match[str]) -> int:
    """Line number of a match, from 1."""
    return text.count("\n", 0, match.start()) + 1
