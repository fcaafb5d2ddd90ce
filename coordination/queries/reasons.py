"""Why work goes back, waits or is passed over: lists that an administrator edits; the codes are kept for ever."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.queries import setting
from coordination.workflow import PARKED, RELEASE_REASONS, SKIP_REASONS, WAITING_REASONS
from kernel.localnames import local_name

REASONS = "coordination.reasons"
"""Key of the settings that hold the lists."""

RELEASE, WAIT, SKIP = "release", "wait", "skip"
COMES_WITH: Mapping[str, Mapping[str, str]] = {
    RELEASE: RELEASE_REASONS, WAIT: {code: label for code, label in WAITING_REASONS.items() if code != PARKED},
    SKIP: SKIP_REASONS,
}  # fmt: skip
"""The lists as they come; their words are translated with the program until somebody writes others."""


def _shipped(kind: str) -> tuple[dict[str, Any], ...]:
    return tuple({"code": code, "name": {}, "is_retired": False} for code in COMES_WITH[kind])


@dataclass(frozen=True, slots=True, kw_only=True)
class Reasons:
    """Each list in order: {code, name in three languages (empty: as it comes), is_retired}."""

    release: tuple[dict[str, Any], ...] = _shipped(RELEASE)
    wait: tuple[dict[str, Any], ...] = _shipped(WAIT)
    skip: tuple[dict[str, Any], ...] = _shipped(SKIP)


def reasons() -> Reasons:
    """The lists in force."""
    return setting(REASONS, Reasons)


def offered(kind: str) -> dict[str, str]:
    """Codes and words of a list that people may choose now, in order."""
    return {row["code"]: _words(kind, row) for row in getattr(reasons(), kind) if not row.get("is_retired")}


def words_of(kind: str, code: str) -> str:
    """A reason in the reader's language, retired ones too; the code where nothing is known of it."""
    row = next((row for row in getattr(reasons(), kind) if row["code"] == code), None)
    if row is None:
        return _(WAITING_REASONS[code]) if kind == WAIT and code in WAITING_REASONS else code
    return _words(kind, row)


def _words(kind: str, row: Mapping[str, Any]) -> str:
    name = local_name(row.get("name") or {})
    if name:
        return name
    label = COMES_WITH[kind].get(row["code"])
    return _(label) if label else str(row["code"])
