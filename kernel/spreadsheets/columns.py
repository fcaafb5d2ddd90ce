"""Columns that go out and come in: how a cell is read, and how the value is written so that it reads the same again."""

import re
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import UTC, date, datetime, tzinfo
from typing import TYPE_CHECKING, Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from kernel.spreadsheets.writing import Cell

if TYPE_CHECKING:
    from django.utils.functional import _StrOrPromise as StrOrPromise

CLEAR = "-"
"""What empties a cell that may be empty; an empty cell changes nothing."""
LIST_MARKS = re.compile(r"[,;|\s]+")
TRUE = frozenset({"true", "yes", "ja", "1", "x", "sant", "是"})
FALSE = frozenset({"false", "no", "nej", "0", "falskt", "否"})


@dataclass(frozen=True, slots=True, kw_only=True)
class Given:
    """What cells are read with: the reader's zone, rows that other columns name (by folded key), keys of this file."""

    zone: tzinfo = UTC
    known: Mapping[str, Mapping[str, Any]] = field(default_factory=dict)
    coming: Collection[str] = frozenset()


@dataclass(frozen=True, slots=True)
class Coming:
    """A row that another row of the same file adds first."""

    key: str


Read = Callable[[str, Given], Any]


def _as_it_is(value: Any) -> Cell:
    result: Cell = value
    return result


@dataclass(frozen=True, slots=True, kw_only=True)
class Column:
    """A column of a list. `read` raises ValueError with a sentence; `show` gives the cell that reads back the same.

    The key columns together say which row is meant. A needed column has a value in every new row. `empty` is what a
    new row gets without the cell; a column that may be emptied again says so with `may_clear`.
    """

    name: str
    about: "StrOrPromise"
    read: Read
    show: Callable[[Any], Cell] = _as_it_is
    example: str = ""
    is_key: bool = False
    is_needed: bool = False
    may_clear: bool = False
    empty: Any = ""
    aliases: tuple[str, ...] = ()

    def text(self, value: Any) -> str:
        """The value as text that can be compared."""
        return value.key if isinstance(value, Coming) else plain(self.show(value))


def plain(cell: Cell) -> str:
    """A cell as text that is equal for equal cells: times in UTC, no spaces around, one kind of line break."""
    if cell is None:
        return ""
    if isinstance(cell, bool):
        return "true" if cell else "false"
    if isinstance(cell, datetime):
        return cell.astimezone(UTC).isoformat(" ", "seconds")
    if isinstance(cell, date):
        return cell.isoformat()
    return str(cell).replace("\0", "").replace("\r\n", "\n").strip()


def folded(text: str) -> str:
    """The text as keys are compared: capitals do not count."""
    return text.strip().lower()


def words(longest: int) -> Read:
    """Any text up to a length."""

    def read(text: str, given: Given) -> str:
        del given
        if len(text) > longest:
            raise ValueError(
                _("at most %(most)s characters, here are %(found)s.") % {"most": longest, "found": len(text)}
            )
        return text.replace("\r\n", "\n")

    return read


def slug(longest: int) -> Read:
    """Letters, digits, hyphens and underscores, as codes are written."""

    def read(text: str, given: Given) -> str:
        del given
        if not re.fullmatch(r"[A-Za-z0-9_-]+", text) or len(text) > longest:
            said = _("write letters a to z, digits, - and _ only, at most %(most)s.")
            raise ValueError(said % {"most": longest})
        return text

    return read


def whole(low: int, high: int) -> Read:
    """A whole number between two."""

    def read(text: str, given: Given) -> int:
        del given
        digits = text.replace("\N{NO-BREAK SPACE}", "").replace(" ", "")
        if not re.fullmatch(r"[+-]?[0-9]{1,12}", digits) or not low <= int(digits) <= high:
            raise ValueError(_("write a whole number from %(low)s to %(high)s.") % {"low": low, "high": high})
        return int(digits)

    return read


def yes_no(text: str, given: Given) -> bool:
    """true or false, in the three languages' words too."""
    del given
    if folded(text) in TRUE:
        return True
    if folded(text) in FALSE:
        return False
    raise ValueError(_("write true or false."))


def day(text: str, given: Given) -> date:
    """A date; a spreadsheet's midnight behind it does not matter."""
    del given
    try:
        return date.fromisoformat(text.removesuffix(" 00:00:00"))
    except ValueError:
        raise ValueError(_("write a date such as 2026-03-31.")) from None


def moment(text: str, given: Given) -> datetime:
    """A time; without an offset it is a wall time of the reader's zone."""
    try:
        found = datetime.fromisoformat(text)
    except ValueError:
        raise ValueError(_("write a time such as 2026-03-31 08:00.")) from None
    try:
        return (found if found.utcoffset() is not None else found.replace(tzinfo=given.zone)).astimezone(UTC)
    except OverflowError:
        raise ValueError(_("write a time such as 2026-03-31 08:00.")) from None


def one_of(allowed: Sequence[str]) -> Read:
    """One of a few words."""

    def read(text: str, given: Given) -> str:
        del given
        for each in allowed:
            if folded(each) == folded(text):
                return each
        raise ValueError(_("write one of: %(all)s.") % {"all": ", ".join(allowed)})

    return read


def row_of(name: str, what: "StrOrPromise", *, may_come: bool = False) -> Read:
    """A row of another list that `Given.known[name]` holds by its key; with `may_come` of the same file too."""

    def read(text: str, given: Given) -> Any:
        key = folded(text)
        found = given.known[name].get(key)
        if found is not None:
            return found
        if may_come and key in given.coming:
            return Coming(key)
        said = _("there is no %(what)s called “%(text)s”. Add it first, or correct the cell.")
        raise ValueError(said % {"what": what, "text": text[:80]})

    return read


def rows_of(name: str, what: "StrOrPromise") -> Read:
    """Several rows of another list, with spaces or commas between their keys."""
    one = row_of(name, what)

    def read(text: str, given: Given) -> tuple[Any, ...]:
        return tuple(one(each, given) for each in LIST_MARKS.split(text) if each)

    return read


LANGUAGES = (("name_en", "en"), ("name_sv", "sv"), ("name_zh", "zh-hans"))
"""Columns of a name in three languages, and the language of each."""


def name_columns(longest: int = 80) -> tuple[Column, ...]:
    """The name in English, Swedish and Chinese; English stands in for the others in a new row."""
    abouts = (gettext_lazy("Name in English"), gettext_lazy("Name in Swedish"), gettext_lazy("Name in Chinese"))
    return tuple(
        Column(name=name, about=about, read=words(longest), is_needed=lang == "en", example=lang)
        for (name, lang), about in zip(LANGUAGES, abouts, strict=True)
    )


def names_of(values: Mapping[str, Any]) -> dict[str, str]:
    """{en, sv, zh-hans} of those columns, English where one is empty."""
    english = values.get("name_en") or ""
    return {lang: values.get(name) or english for name, lang in LANGUAGES}


def name_values(names: Mapping[str, str]) -> dict[str, str]:
    """The columns of a name that is kept as {en, sv, zh-hans}."""
    return {name: names.get(lang, "") for name, lang in LANGUAGES}
