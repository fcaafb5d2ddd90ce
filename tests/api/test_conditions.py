"""Nothing is done twice and nobody overwrites unseen: every POST keeps its answer, every change asks for a version."""

from collections.abc import Iterator
from inspect import unwrap
from types import CodeType, FunctionType
from typing import Any

from tests.authz.routes import walk

KEEPS = {"act", "done", "each"}
"""Ways into the API's door, each of which knows the Idempotency-Key."""
COMPARES = {"match", "match_tag", "held"}
"""Ways of comparing If-Match with what is there."""
READS = {
    # POSTs that change nothing, so a repeated one does no harm.
    "target-preview-api": "post", "escalation-preview-api": "post", "pause-preview-api": "post",
    "incident-preview": "preview", "ranking-preview-api": "post", "severity-rule-api-try": "try_out",
}  # fmt: skip
ONCE = {"import-api-trial": "post"}
"""A POST of many transactions that needs no key: it names the trial that was seen, and a repeated one gets 409."""
UNSEEN = {
    "own-draft-api-detail": "update",  # one's own unsent text, kept every second: the last one wins
}


def handlers(*wanted: str) -> Iterator[tuple[str, type, Any]]:
    """(route, view, handler) of every address of the API that takes one of these methods."""
    for name, entry, path in walk():
        view = getattr(entry.callback, "cls", None)
        if view is None or not path.startswith("api/v1"):
            continue
        actions = getattr(entry.callback, "actions", None) or {method: method for method in wanted}
        for method in wanted:
            handler = getattr(view, actions.get(method, ""), None)
            if handler is not None:
                yield name, view, handler


def names_in(code: CodeType) -> set[str]:
    """Every name that a function says, inside what it defines as well."""
    return set(code.co_names).union(*(names_in(each) for each in code.co_consts if isinstance(each, CodeType)), set())


def reaches(view: type, handler: Any, wanted: set[str], seen: frozenset[str] = frozenset()) -> bool:
    """Whether a handler calls one of these, itself or through a method of its view or a function of its module."""
    handler = unwrap(handler) if callable(handler) else None
    if not isinstance(handler, FunctionType):
        return False
    names = names_in(handler.__code__)
    if names & wanted:
        return True
    owners = [base for base in view.__mro__ if "super" not in names or base is not view]
    around = {name: _named(owners, name) or handler.__globals__.get(name) for name in names - seen}
    return any(reaches(view, each, wanted, seen | names - {"post"}) for each in around.values())


def _named(owners: list[type], name: str) -> Any:
    return next((vars(base)[name] for base in owners if name in vars(base)), None)


def test_every_post_keeps_its_answer_under_the_key() -> None:
    found = list(handlers("post"))
    assert len(found) > 80
    without = {name: handler.__name__ for name, view, handler in found if not reaches(view, handler, KEEPS)}
    assert without == READS | ONCE


def test_every_change_of_fields_asks_for_the_version_that_was_seen() -> None:
    found = list(handlers("put", "patch"))
    assert len(found) > 20
    without = {name: handler.__name__ for name, view, handler in found if not reaches(view, handler, COMPARES)}
    assert without == UNSEEN


def test_the_guard_goes_red() -> None:
    class Careless:
        """A view that writes without a door."""

        def post(self) -> None:
            """Writes."""
            self.write()

        def write(self) -> None:
            """Straight into the table."""

    assert not reaches(Careless, Careless.post, KEEPS)
    Careless.write = lambda self: self.act()  # type: ignore[method-assign, attr-defined]  # as a careful one would
    assert reaches(Careless, Careless.post, KEEPS)
