"""Settings as frozen dataclasses: defaults in code, changed values in append-only rows, read once per version.

How a process learns of a change made by another: the statement that loads a signed-in user carries the version
(`settings_seen`), so pages are never behind, and every door reads it beside the clock. What reads outside of both
(lists of the API, the engine between its doors) looks when its copy is older than five seconds. `change_setting`
forgets the copy of its own process at once.
"""

import time
from dataclasses import fields
from threading import Lock
from typing import Any, TypeVar

from accounts.models import Setting
from journal.units import ask_at_doors, version_at_door

S = TypeVar("S")
FRESH_SECONDS = 5.0
VERSION = "accounts.settings"
UNKNOWN = object()
ask_at_doors(VERSION, "SELECT max(id) FROM accounts_setting")


class _Copy:
    """This process's copy of the newest value of every key."""

    def __init__(self) -> None:
        self.lock = Lock()
        self.forget()

    def forget(self) -> None:
        self.version: int | None = -1
        self.read_at = float("-inf")
        self.values: dict[str, tuple[int, Any]] = {}
        self.built: dict[tuple[str, type], Any] = {}


_copy = _Copy()


def setting(key: str, shape: type[S]) -> S:
    """The settings of an app: `shape` (a frozen dataclass with defaults) with the changed values put in.

    At most five seconds behind other processes, never behind within a web page or a door. Unknown names are left out.
    """
    with _copy.lock:
        if (at_door := _version_at_door()) is not UNKNOWN:
            _look(at_door)
        elif time.monotonic() - _copy.read_at > FRESH_SECONDS:
            _look(_newest())
        if (key, shape) not in _copy.built:
            _copy.built[key, shape] = _build(shape, _copy.values.get(key, (0, {}))[1])
        built: S = _copy.built[key, shape]
        return built


def setting_version(key: str) -> int:
    """The newest version of a key; 0 while the defaults count. Read from the database, for forms that save."""
    return Setting.objects.filter(key=key).order_by("-version").values_list("version", flat=True).first() or 0


def settings_seen(version: int | None) -> None:
    """Told by the door that has just read the newest version beside its user: the copy is checked at no cost."""
    with _copy.lock:
        _look(version)


def forget_settings() -> None:
    """Read everything again at the next question."""
    with _copy.lock:
        _copy.forget()


def _version_at_door() -> Any:
    try:
        return version_at_door(VERSION)
    except KeyError:
        return UNKNOWN


def _newest() -> int | None:
    return Setting.objects.order_by("-pk").values_list("pk", flat=True).first()


def _look(version: int | None) -> None:
    if version != _copy.version:
        rows = Setting.objects.order_by("key", "-version").distinct("key").values_list("key", "version", "value")
        _copy.values = {key: (number, value) for key, number, value in rows} if version is not None else {}
        _copy.built = {}
        _copy.version = version
    _copy.read_at = time.monotonic()


def _build(shape: type[S], stored: dict[str, Any]) -> S:
    known = {field.name: stored[field.name] for field in fields(shape) if field.name in stored}  # type: ignore[arg-type]  # a dataclass
    return shape(**{name: tuple(value) if isinstance(value, list) else value for name, value in known.items()})
