"""The own time of teams (OLA) and suppliers (UC): a clock for each of their turns with a record (DOMAIN S1, ADR 10)."""

from kernel.workflow import Phase
from sla.commands import leaves
from sla.commands.book import Book, Leaf
from sla.ledger import Kind, State
from sla.models import Metric, Party
from sla.queries.clocks import SUPPLIER as SUPPLIER_REASON
from sla.queries.rules import Whose

TEAM, SUPPLIER = Party.TEAM.value, Party.SUPPLIER.value
TURN = Metric.RESOLUTION.value
"""A turn is measured as a whole."""
HANDED_ON, BACK = "handed_on", "back"


def begun(book: Book) -> None:
    """The turn of the team that a new record belongs to; no supplier has it yet."""
    _follow(book, TEAM, _team(book), HANDED_ON)


def followed(book: Book) -> None:
    """Stop the clocks of turns that are over, start those of turns that have begun. A record that is done has none."""
    if book.record.phase == Phase.DONE:
        return
    _follow(book, TEAM, _team(book), HANDED_ON)
    _follow(book, SUPPLIER, _supplier(book), BACK)


def _team(book: Book) -> Whose | None:
    team = book.record.owner_team_id
    return None if team is None else Whose(TEAM, team=team)


def _supplier(book: Book) -> Whose | None:
    """The supplier whose turn it is: it was handed the record, or the record waits for it."""
    if not book.now.rules.has(SUPPLIER) and book.turn(SUPPLIER) is None:
        return None
    record, known = book.record, book.supplier_turn()
    is_awaited = record.phase == Phase.WAITING and record.waiting_reason == SUPPLIER_REASON
    if is_awaited or (known is not None and known.is_there):
        return Whose(SUPPLIER, supplier=known.supplier if known is not None else "")
    return None


def _follow(book: Book, party: str, now: Whose | None, over: str) -> None:
    last = book.turn(party)
    if last is not None and (now is None or not last.whose.is_same(now)):
        _end(book, last, over)
        last = None
    if now is None or (last is not None and _goes_on(book, last)):
        return
    promise = book.now.promise(book.record, TURN, now)
    if promise is not None:
        leaves.follow_waiting(book, book.start(TURN, promise, now))


def _end(book: Book, leaf: Leaf, over: str) -> None:
    """A turn for which nothing was promised any more is over too: a later promise does not take it up again."""
    if leaf.state.stop_reason == leaves.NO_TARGET:
        book.add(leaf, Kind.STOPPED, over)
    leaves.stop(book, leaf, over)


def _goes_on(book: Book, leaf: Leaf) -> bool:
    """Whether it is still the same turn: it runs, nothing is promised for it now, or the record was done meanwhile."""
    state = leaf.state
    if state.state is not State.STOPPED:
        return True
    if state.stop_reason == leaves.DONE:
        leaves.reopen(book, leaf)
        leaves.follow_waiting(book, leaf)
        return True
    if state.stop_reason == leaves.NO_TARGET:
        leaves.retarget(book, leaf, "rules", "")
        return True
    return False
