"""One verb for many rows of a list: a result for each row, and what takes back those that were done (UX 3.6)."""

from collections.abc import Callable, Iterable
from dataclasses import dataclass, field
from typing import Any, TypeVar

from kernel.errors import Refused

MOST = 500
"""Rows in one go; the page says so where more match."""

T = TypeVar("T")


@dataclass(frozen=True, slots=True)
class Refusal:
    """A row that did not go, and why."""

    number: str
    url: str
    reason: str


@dataclass(slots=True)
class Outcome:
    """How many were done, which were not and why, and a word for each that can be taken back."""

    done: int = 0
    refused: list[Refusal] = field(default_factory=list)
    undo_rows: list[str] = field(default_factory=list)

    def context(self, undo_url: str) -> dict[str, Any]:
        """What `_components/bulk_result.html` shows; `undo_url` is posted to with `rows`."""
        undo = undo_url if self.undo_rows else ""
        return {"done": self.done, "refused": self.refused, "undo": undo, "undo_rows": ",".join(self.undo_rows)}


def each_row(rows: Iterable[T], act: Callable[[T], str], *, named: Callable[[T], tuple[str, str]]) -> Outcome:
    """Do it to every row. `act` returns what takes it back (empty: nothing does), `named` the row's name and page."""
    outcome = Outcome()
    for row in rows:
        try:
            undo = act(row)
        except Refused as refusal:
            outcome.refused.append(Refusal(*named(row), refusal.message))
            continue
        outcome.done += 1
        if undo:
            outcome.undo_rows.append(undo)
    return outcome


def each_undo(text: str, act: Callable[[str, int], object], *, named: Callable[[str], tuple[str, str]]) -> Outcome:
    """Take back what `undo_rows` names: words `name:id` with commas between them; others are left out."""
    pairs = (word.rpartition(":") for word in text.split(",")[:MOST])
    known = [(name, int(pk)) for name, _colon, pk in pairs if name and pk.isdecimal() and len(pk) < 19]

    def take_back(pair: tuple[str, int]) -> str:
        act(*pair)
        return ""

    return each_row(known, take_back, named=lambda pair: named(pair[0]))


def ticked(ids: Iterable[str]) -> list[int]:
    """The ids of the ticked rows; what is no number is left out, and so is what comes after the five hundredth."""
    return [int(each) for each in ids if each.isdecimal() and len(each) < 19][:MOST]
