"""Every address of the installation, found from the URL conf: nothing is listed by hand, so nothing is forgotten."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Any

from django.urls import URLPattern, URLResolver, get_resolver

from accounts.doors import declared_access


@dataclass(frozen=True)
class Route:
    """One address: its name as `reverse` knows it, the names in it, the methods that it is asked with."""

    name: str
    label: str
    arguments: tuple[str, ...]
    methods: tuple[str, ...]
    is_api: bool
    is_open: bool


PAGE_METHODS = ("GET", "POST")


def walk(
    patterns: list[Any] | None = None, namespace: str = "", path: str = ""
) -> Iterator[tuple[str, URLPattern, str]]:
    """(full name, pattern, whole path) of every address."""
    for entry in get_resolver().url_patterns if patterns is None else patterns:
        here = path + str(entry.pattern)
        if isinstance(entry, URLResolver):
            inner = f"{namespace}{entry.namespace}:" if entry.namespace else namespace
            yield from walk(entry.url_patterns, inner, here)
        else:
            yield f"{namespace}{entry.name or ''}", entry, here


def routes() -> list[Route]:
    """All routes, in the order of the URL conf; two patterns of one name are told apart by their arguments."""
    found: dict[tuple[str, tuple[str, ...]], Route] = {}
    names: dict[str, int] = {}
    for name, entry, path in walk():
        arguments = _arguments(path)
        if not name or name.endswith(":"):
            message = f"{path} has no name: give it one in urls.py"
            raise AssertionError(message)
        if (name, arguments) not in found:
            names[name] = names.get(name, 0) + 1
        is_open = declared_access(entry.callback, name) is not None
        old = found.get((name, arguments))
        methods = tuple(dict.fromkeys([*(old.methods if old else ()), *_methods(entry.callback)]))
        found[name, arguments] = Route(name, name, arguments, methods, path.lstrip("^").startswith("api/v"), is_open)
    return [
        Route(
            each.name,
            f"{each.name}({','.join(each.arguments)})",
            each.arguments,
            each.methods,
            each.is_api,
            each.is_open,
        )
        if names[each.name] > 1
        else each
        for each in found.values()
    ]


def _arguments(path: str) -> tuple[str, ...]:
    names = []
    rest = path
    while "<" in rest:
        inside, _closing, rest = rest.partition("<")[2].partition(">")
        names.append(inside.rpartition(":")[2])
    return tuple(names)


def _methods(view: Any) -> tuple[str, ...]:
    actions = getattr(view, "actions", None)
    if actions:
        return tuple(method.upper() for method in actions if method != "head")
    of_api = getattr(view, "cls", None)
    if of_api is not None:
        return tuple(m.upper() for m in ("get", "post", "put", "patch", "delete") if hasattr(of_api, m)) or ("GET",)
    of_class = getattr(view, "view_class", None)
    if of_class is not None:
        return tuple(method for method in PAGE_METHODS if hasattr(of_class, method.lower()))
    return _required(view) or PAGE_METHODS


def _required(view: Any) -> tuple[str, ...]:
    """What require_safe, require_POST and the like let through; empty when the view takes any method."""
    while view is not None:
        names = getattr(getattr(view, "__code__", None), "co_freevars", ())
        if "request_method_list" in names:
            listed = view.__closure__[names.index("request_method_list")].cell_contents
            return tuple(method for method in listed if method not in ("HEAD", "OPTIONS"))
        view = getattr(view, "__wrapped__", None)
    return ()
