"""Write events: chained per subject, in-transaction reactions at once, the rest to the outbox."""

import json
import secrets
from collections.abc import Callable
from datetime import datetime
from typing import Any

from django.core.serializers.json import DjangoJSONEncoder
from django.db import connection, transaction

from journal.models import Chain, Event
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
    _insert(unit.events)
    transaction.on_commit(_nudge, robust=True)


INSERT = """
WITH told AS (
  INSERT INTO journal_event (subject_kind, subject_id, seq, code, actor_kind, actor_id, at, data, salt, digest, mac)
  SELECT * FROM unnest(%s::varchar[], %s::bigint[], %s::int[], %s::varchar[], %s::varchar[], %s::bigint[],
                       %s::timestamptz[], %s::jsonb[], %s::bytea[], %s::bytea[], %s::bytea[])
  RETURNING id, subject_kind, subject_id, seq, at
), waiting AS (
  INSERT INTO journal_outbox (event_id, reaction, available_at, attempts, error)
  SELECT told.id, wanted.reaction, told.at, 0, ''
  FROM unnest(%s::varchar[], %s::bigint[], %s::int[], %s::varchar[])
    WITH ORDINALITY AS wanted (kind, subject, seq, reaction, place)
  JOIN told ON (told.subject_kind, told.subject_id, told.seq) = (wanted.kind, wanted.subject, wanted.seq)
  ORDER BY told.id, wanted.place
)
SELECT subject_kind, subject_id, seq, id FROM told
"""


def _insert(events: list[Event]) -> None:
    """Events in their order and a row for each reaction that waits for one: one statement."""
    rows = [
        (each.subject_kind, each.subject_id, each.seq, each.code, each.actor_kind, each.actor_id, each.at,
         json.dumps(each.data), each.salt, each.digest, each.mac)
        for each in events
    ]  # fmt: skip
    wanted = [
        (each.subject_kind, each.subject_id, each.seq, name_of(reaction))
        for each in events
        for reaction in reactions_to(each.code, When.AFTER_COMMIT, each.data)
    ]
    columns = [list(column) for column in zip(*rows, strict=True)]
    columns += [list(column) for column in zip(*wanted, strict=True)] or [[], [], [], []]
    with connection.cursor() as cursor:
        cursor.execute(INSERT, columns)
        ids = {(kind, subject, seq): pk for kind, subject, seq, pk in cursor.fetchall()}
    for each in events:
        each.pk = ids[each.subject_kind, each.subject_id, each.seq]


_nudges: list[Callable[[], None]] = []


def nudged_by(function: Callable[[], None]) -> Callable[[], None]:
    """Register what tells the relay that there is work; losing a nudge costs one sweep."""
    _nudges.append(function)
    return function


def _nudge() -> None:
    for function in _nudges:
        function()
