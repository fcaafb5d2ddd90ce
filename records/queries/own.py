"""What requesters may do with their own records beside replying: each process registers its verbs by URL."""

from collections.abc import Callable
from dataclasses import dataclass

from kernel.actor import Actor
from records.models import Record


@dataclass(frozen=True, slots=True)
class OwnAction:
    """A button on a requester's page: POST to `url`. `asks` is the label of a text that it needs."""

    label: str
    url: str
    hint: str = ""
    asks: str = ""
    name: str = "text"
    """The field of that text in the POST."""


Offer = Callable[[Actor, Record], list[OwnAction]]
_offers: dict[str, Offer] = {}


def offers_own_actions(kind: str) -> Callable[[Offer], Offer]:
    """Register what requesters may do with records of a kind: confirm, reopen."""

    def register(function: Offer) -> Offer:
        _offers[kind] = function
        return function

    return register


def own_actions(actor: Actor, record: Record) -> list[OwnAction]:
    """The buttons for this person on this record now."""
    offer = _offers.get(record.kind)
    return offer(actor, record) if offer is not None else []
