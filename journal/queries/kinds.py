"""What kinds of things can be found, and the address of each one's page: apps register theirs in AppConfig.ready."""

from collections.abc import Iterable
from dataclasses import dataclass
from functools import lru_cache

from django.urls import NoReverseMatch, URLResolver, get_resolver, get_script_prefix, get_urlconf, reverse
from django.utils.translation import gettext as _

from kernel.actor import Actor
from kernel.workflow import Workflow


@dataclass(frozen=True, slots=True)
class Kind:
    """A kind of subject. `label` is a message id; `page` the URL name of its page, with the `by` as argument.

    `by` is number or id. `prefix` marks record kinds (INC). `permission` is what finding it needs; records need none,
    their audience decides. `mode` is the character that narrows the palette to it, `workflow` names the states.
    `readers` stands in the audience of every document of a kind with a permission, and for those who hold it.
    `area` is the place of its pages in the frame.
    """

    code: str
    label: str
    icon: str
    page: str
    by: str = "number"
    prefix: str = ""
    permission: str = ""
    mode: str = "#"
    workflow: Workflow | None = None
    readers: int = 0
    area: str = ""

    def state_label(self, state: str) -> str:
        """The state in the reader's language; the code of a state that the workflow no longer has."""
        known = self.workflow.states_by_code.get(state) if self.workflow is not None else None
        return _(known.label) if known is not None else state


_kinds: dict[str, Kind] = {}


def register_kind(kind: Kind) -> None:
    """Make a kind known to search, links and jumps."""
    _kinds[kind.code] = kind


def states_under_review() -> dict[str, frozenset[str]]:
    """By kind of record: the states in which its work is done, and may still be confirmed or come back."""
    return {kind.code: kind.workflow.under_review for kind in _kinds.values() if kind.workflow is not None}


def kind_of(code: str) -> Kind | None:
    """The kind with that code."""
    return _kinds.get(code)


def findable(actor: Actor, mode: str = "") -> list[str]:
    """Codes of the kinds that the actor may look for, in a mode of the palette (empty: all)."""
    return [
        kind.code
        for kind in _kinds.values()
        if (not mode or kind.mode == mode) and (not kind.permission or actor.may_somewhere(kind.permission))
    ]


def readers_of(codes: Iterable[str]) -> list[int]:
    """What those who may look for these kinds are called in the audience of documents."""
    return [kind.readers for code in codes if (kind := _kinds.get(code)) is not None and kind.readers]


def record_kinds() -> list[str]:
    """Codes of the kinds of records."""
    return [kind.code for kind in _kinds.values() if kind.prefix]


def prefixes() -> list[str]:
    """Prefixes of record numbers: INC, PRB …"""
    return [kind.prefix for kind in _kinds.values() if kind.prefix]


def address(code: str, *, number: str, subject_id: int) -> str:
    """The address of a subject's page; nothing while there is no such page."""
    kind = _kinds.get(code)
    if kind is None:
        return ""
    argument = number if kind.by == "number" else subject_id
    return _address(kind.page, argument, get_script_prefix(), get_resolver(get_urlconf()))


@lru_cache(maxsize=4096)
def _address(page: str, argument: str | int, prefix: str, resolver: URLResolver) -> str:
    """Lists ask for fifty of them; an address depends on nothing but these."""
    try:
        return reverse(page, args=[argument])
    except NoReverseMatch:
        return ""
