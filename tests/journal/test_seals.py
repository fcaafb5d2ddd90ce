"""Chains and seals: every edit, removal, exchange and cut is found, and the first bad row is named."""

import threading
from collections.abc import Iterator
from io import StringIO
from pathlib import Path
from typing import Any

import pytest
from django.core.management import CommandError, call_command
from django.db import connection

from accounts.queries import SYSTEM
from journal import commands as journal
from journal.models import Event, Seal
from journal.queries.seals import covered, merkle_root
from journal.queries.verify import Fault, faults, seals_file
from journal.units import door
from tests.factories import NOON
from tests.sla.rooms import open_at

pytestmark = pytest.mark.django_db


@pytest.fixture(autouse=True)
def own_place(settings: Any, tmp_path: Path) -> None:
    settings.SPINDEL_DATA = tmp_path


def write(thing: int, times: int = 2) -> None:
    with door(SYSTEM):
        for number in range(times):
            journal.note(("thing", thing), "test.written", actor=SYSTEM, at=NOON, number=number)


def seal_round(number: int) -> Seal | None:
    """Seal what was written since the last round, as if the round had been a transaction of its own."""
    tamper("UPDATE journal_event SET transaction_id = %s WHERE transaction_id > 100", number)
    return journal.seal_finished(NOON, below=number + 1)


@pytest.fixture
def sealed() -> list[Event]:
    """Three chains of four events in two seals, and two more events in the third chain that are not sealed."""
    for number in (1, 2):
        for thing in (1, 2, 3):
            write(thing)
        seal_round(number)
    write(3)
    return list(Event.objects.order_by("pk"))


def tamper(sql: str, *values: int) -> None:
    """As somebody with all rights in the database would."""
    with connection.cursor() as cursor:
        cursor.execute("ALTER TABLE journal_event DISABLE TRIGGER USER")
        try:
            cursor.execute(sql, values)
        finally:
            cursor.execute("ALTER TABLE journal_event ENABLE TRIGGER USER")


def found() -> list[Fault]:
    return list(faults({}))


def test_what_nobody_touched_verifies(sealed: list[Event]) -> None:
    assert found() == []
    assert [seal.count for seal in Seal.objects.order_by("pk")] == [6, 6]
    assert len(seals_file().read_text().splitlines()) == 2


@pytest.mark.parametrize(
    "change",
    [
        "data = '{\"number\": 99}'", "code = 'test.forged'", "actor_id = 99", "actor_kind = 'person'",
        "at = at + interval '1 second'", "salt = 'x'", "digest = sha256('x')", "mac = sha256('x')",
    ],
)  # fmt: skip
def test_each_changed_column_is_found_and_its_row_named(sealed: list[Event], change: str) -> None:
    tamper(f"UPDATE journal_event SET {change} WHERE id = %s", sealed[2].pk)
    first = found()[0]
    assert (first.subject, first.event_id) == (f"thing {sealed[2].subject_id}", sealed[2].pk)


def test_a_removed_event_is_found(sealed: list[Event]) -> None:
    tamper("DELETE FROM journal_event WHERE id = %s", sealed[0].pk)
    first = found()[0]
    assert (first.what, first.subject, first.seq) == ("event 1 is missing", "thing 1", 2)


def test_exchanged_events_are_found(sealed: list[Event]) -> None:
    tamper("UPDATE journal_event SET seq = -seq WHERE subject_id = 2")
    tamper("UPDATE journal_event SET seq = CASE seq WHEN -2 THEN 3 WHEN -3 THEN 2 ELSE -seq END WHERE subject_id = 2")
    assert {fault.subject for fault in found()} >= {"thing 2"}


def test_a_cut_tail_is_found_by_the_head_and_by_the_seal(sealed: list[Event]) -> None:
    tamper("DELETE FROM journal_event WHERE subject_id = 1 AND seq = 4")
    head, seal = found()
    assert str(head) == "thing 1 event 3: the chain ends here, but 4 events were written"
    assert seal.what == "it covers 6 events, 5 are there"


def test_a_cut_tail_with_its_head_is_found_by_the_seal(sealed: list[Event]) -> None:
    tamper("DELETE FROM journal_event WHERE subject_id = 1 AND seq = 4")
    tamper(
        "UPDATE journal_chain SET seq = 3, mac = (SELECT mac FROM journal_event WHERE subject_id = 1 AND seq = 3)"
        " WHERE subject_id = 1"
    )
    (seal,) = found()
    assert seal.seal_id == Seal.objects.last().pk  # type: ignore[union-attr]  # there are two


def test_a_subject_removed_with_its_events_is_found(sealed: list[Event]) -> None:
    tamper("DELETE FROM journal_event WHERE subject_id = 2")
    assert found()[0].what == "all events of this subject are missing"
    tamper("DELETE FROM journal_chain WHERE subject_id = 2")
    assert [fault.what for fault in found()] == ["it covers 6 events, 4 are there"] * 2


def test_an_event_smuggled_in_is_found(sealed: list[Event]) -> None:
    columns = "subject_kind, seq, code, actor_kind, actor_id, at, data, salt, digest, mac, transaction_id"
    tamper(
        f"INSERT INTO journal_event (subject_id, {columns}) SELECT 9, {columns} FROM journal_event WHERE id = %s",
        sealed[0].pk,
    )
    assert [fault.what for fault in found()] == [
        "the subject of these events is missing", "it covers 6 events, 7 are there",
    ]  # fmt: skip


def test_changed_and_removed_seals_are_found(sealed: list[Event]) -> None:
    first, last = Seal.objects.order_by("pk")
    Seal.objects.filter(pk=last.pk).update(count=7)
    assert {fault.seal_id for fault in found()} == {last.pk}
    Seal.objects.filter(pk=last.pk).delete()
    assert [str(fault) for fault in found()] == [
        f"seal {last.pk}: it is in the copy outside the database and missing here"
    ]
    Seal.objects.filter(pk=first.pk).delete()
    assert len(found()) == 2


def test_an_erased_person_leaves_the_chain_whole(sealed: list[Event]) -> None:
    tamper("UPDATE journal_event SET data = '{}', salt = '' WHERE subject_id = 1")
    assert found() == []


@pytest.mark.django_db(transaction=True)
def test_a_running_transaction_is_left_for_the_next_seal() -> None:
    begun, go_on = threading.Event(), threading.Event()

    def slow() -> None:
        with door(SYSTEM):
            journal.note(("slow", 1), "test.written", actor=SYSTEM, at=NOON)
            with connection.cursor() as cursor:
                cursor.execute("SELECT pg_current_xact_id()")
            begun.set()
            go_on.wait(20)
        connection.close()

    thread = threading.Thread(target=slow)
    thread.start()
    begun.wait(20)
    write(1)
    assert journal.seal_finished(NOON) is None
    go_on.set()
    thread.join()
    assert seal_round(1).count == 3  # type: ignore[union-attr]  # there is something to seal
    assert found() == []


def test_a_restored_database_counts_transactions_anew_and_seals_go_on(sealed: list[Event]) -> None:
    tamper("UPDATE journal_event SET transaction_id = 0 WHERE id > %s", sealed[11].pk)
    new = journal.seal_finished(NOON, below=1)
    assert new is not None
    assert [event.id for event in covered(new)] == [sealed[12].pk, sealed[13].pk]
    assert found() == []


def test_a_torn_line_of_the_copy_is_written_again(sealed: list[Event]) -> None:
    whole = seals_file().read_text()
    seals_file().write_text(whole[:-30])
    journal.copy_seals()
    assert whole.splitlines()[1] in seals_file().read_text().splitlines()
    assert found() == []


def test_the_command_names_the_first_bad_row() -> None:
    record = open_at(NOON)
    call_command("verify_journal", stdout=(said := StringIO()))
    assert said.getvalue() == "The journal is as it was written.\n"
    event = Event.objects.get(subject_id=record.pk)
    tamper("UPDATE journal_event SET code = 'record.forged' WHERE id = %s", event.pk)
    with pytest.raises(CommandError, match=rf"incident {record.pk} event 1 \(row {event.pk}\)"):
        call_command("verify_journal", stderr=StringIO())


def test_the_root_depends_on_every_leaf_and_on_their_order() -> None:
    def roots(count: int) -> Iterator[bytes]:
        leaves = [bytes([number]) * 32 for number in range(count)]
        yield merkle_root(leaves)
        for at in range(count):
            yield merkle_root([*leaves[:at], b"x" * 32, *leaves[at + 1 :]])
            yield merkle_root([*leaves[:at], *leaves[at + 1 :]])
        yield merkle_root(reversed(leaves))

    for count in (2, 3, 7, 8, 9):
        made = list(roots(count))
        assert len(set(made)) == len(made)
