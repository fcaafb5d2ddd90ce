"""Write events: chained per subject, in-transaction reactions at once, the rest to the outbox."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import transaction

from journal.models import Chain, Event, Outbox
from journal.queries.chain import digest_of, mac_of
from journal.units import Unit, current, on_flush
from kernel.actor import Actor
from kernel.reactions import Fact, When, name_of, reactions_to

Head = tuple[int, bytes]


def note(
    subject: tuple[str, int],
    code: str,
    /,
    *,
    actor: Actor,
    at: datetime,
    head: Head | None = None,
    live: Any = None,
    **data: Any,
) -> Event:
    """Note that `code` happened to `subject` (kind, id) and run the reactions of the same transaction.

    `head` is the chain's (seq, mac) as the caller locked it; without it the subject's Chain row is locked.
    `live` is the object that reactions may work on. `data` must be plain JSON values or dates.
    """
    unit = current()
    plain: dict[str, Any] = json.loads(json.dumps(data, cls=DjangoJSONEncoder))
    seq, previous = unit.heads.get(subject) or head or _locked_head(subject)
    salt = secrets.token_bytes(16)
    event = Event(
        subject_kind=subject[0], subject_id=subject[1], seq=seq + 1, code=code, actor_kind=actor.kind,
        actor_id=actor.id, at=at, data=plain, salt=salt, digest=digest_of(salt, plain),
    )  # fmt: skip
    event.mac = mac_of(previous, event)
    unit.events.append(event)
    unit.heads[subject] = (event.seq, bytes(event.mac))
    fact = Fact(code, subject[0], subject[1], at, actor, plain, live)
    for reaction in reactions_to(code, When.IN_TRANSACTION, plain):
        reaction(fact)
    return event


def _locked_head(subject: tuple[str, int]) -> Head:
    Chain.objects.bulk_create([Chain(subject_kind=subject[0], subject_id=subject[1])], ignore_conflicts=True)
    chain = Chain.objects.select_for_update(no_key=True).get(subject_kind=subject[0], subject_id=subject[1])
    unit = current()

    def write_back() -> None:
        seq, mac = unit.heads[subject]
        Chain.objects.filter(pk=chain.pk).update(seq=seq, mac=mac)

    unit.writers["chain", subject] = write_back
    return chain.seq, bytes(chain.mac)


@on_flush
def write(unit: Unit) -> None:
    """Write what a unit gathered: late columns first, then events, then their outbox rows; nudge after commit."""
    for writer in unit.writers.values():
        writer()
    if not unit.events:
        return
    Event.objects.bulk_create(unit.events)
    waiting = [
        Outbox(event_id=event.pk, reaction=name_of(reaction), available_at=event.at)
        for event in unit.events
        for reaction in reactions_to(event.code, When.AFTER_COMMIT, event.data)
    ]
    if waiting:
        Outbox.objects.bulk_create(waiting)
    transaction.on_commit(_nudge, robust=True)


_nudges: list[Callable[[], None]] = []


def nudged_by(function: Callable[[], None]) -> Callable[[], None]:
    """Register what tells the relay that there is work; losing a nudge costs one sweep."""
    _nudges.append(function)
    return function


def _nudge() -> None:
    for function in _nudges:
        function()
