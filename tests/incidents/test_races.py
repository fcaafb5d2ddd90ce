"""Real threads on PostgreSQL: one wins, nothing is lost, nobody waits for ever (RELIABILITY section 3)."""

from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from threading import Barrier
from uuid import UUID

import pytest
from django.db import connection

from coordination import commands as work
from incidents import commands
from incidents.models import Incident
from incidents.process import INCIDENTS
from journal.models import Event
from kernel.errors import Refused
from records import commands as records
from records.models import Comment, Record
from tests.incidents.help import RESOLUTION, World, codes, minutes, state

pytestmark = pytest.mark.django_db(transaction=True)
Act = Callable[[], object]


def together(*acts: Act) -> list[str]:
    """Run the acts at the same time, each on its own connection; "done" or the refusal's code of each."""
    start = Barrier(len(acts))

    def run(act: Act) -> str:
        try:
            start.wait(timeout=10)
            act()
        except Refused as refusal:
            return refusal.code
        finally:
            connection.close()
        return "done"

    with ThreadPoolExecutor(len(acts)) as pool:
        return list(pool.map(run, acts))


def taking(incident: Incident, world: World) -> Act:
    """The technician takes its work, as read at this moment."""
    item = INCIDENTS.work_item(incident.record)
    assert item is not None
    return lambda: work.take(item, actor=world.technician, at=minutes(5))


def commenting(incident: Incident, world: World) -> Act:
    """The agent writes a note on it, as read at this moment."""
    record = Record.objects.get(pk=incident.pk)
    return lambda: records.comment(record, body="Me too.", is_public=False, actor=world.agent, at=minutes(5))


def merging(source: Incident, target: Incident, world: World) -> Act:
    """The agent merges one into the other, as read at this moment."""
    here, there = INCIDENTS.by_id(source.pk), INCIDENTS.by_id(target.pk)
    return lambda: commands.merge(here, target=there, actor=world.agent, at=minutes(5))


def joining(part: Incident, main: Incident, world: World) -> Act:
    """The agent makes one a part of the other, as read at this moment."""
    here, there = INCIDENTS.by_id(part.pk), INCIDENTS.by_id(main.pk)
    return lambda: commands.set_parent(here, parent=there, actor=world.agent, at=minutes(5))


def resolving(incident: Incident, world: World) -> Act:
    """Resolve it, as read at this moment."""
    mine = INCIDENTS.by_id(incident.pk)
    return lambda: commands.resolve(mine, cause="network", resolution=RESOLUTION, actor=world.agent, at=minutes(5))


def whole_chain(incident: Incident) -> bool:
    """Whether the chain has no gap and the record remembers its end."""
    seqs = list(
        Event.objects.filter(subject_kind="incident", subject_id=incident.pk)
        .order_by("seq")
        .values_list("seq", flat=True)
    )
    return seqs == list(range(1, len(seqs) + 1)) and Record.objects.get(pk=incident.pk).event_seq == len(seqs)


def test_two_resolve_and_one_wins() -> None:
    world = World()
    for _round in range(5):
        incident = world.started()
        assert sorted(together(resolving(incident, world), resolving(incident, world))) == ["done", "wrong_state"]
        assert codes(incident).count("incident.resolve") == 1
        assert whole_chain(incident)
        world.technician = world.colleague if _round == 1 else world.technician


def test_resolve_against_pick() -> None:
    world = World()
    for _round in range(5):
        incident = world.opened()
        results = together(resolving(incident, world), taking(incident, world))
        assert results[0] == "done"
        assert results[1] in ("done", "wrong_state")
        assert (state(incident), INCIDENTS.work_item(incident.record)) == ("resolved", None)
        assert whole_chain(incident)


def test_merge_against_comment() -> None:
    """The words are kept on the duplicate, or refused with where to write them: never lost without a word."""
    world = World()
    for _round in range(5):
        target, source = world.opened(), world.opened()
        results = together(merging(source, target, world), commenting(source, world))
        assert results[0] == "done"
        assert results[1] in ("done", "merged")
        assert Comment.objects.filter(record=source.pk).count() == (results[1] == "done")
        assert whole_chain(source)
        assert whole_chain(target)


def test_two_merges_in_opposite_directions() -> None:
    world = World()
    for _round in range(5):
        one, two = world.opened(), world.opened()
        results = together(merging(one, two, world), merging(two, one, world))
        assert results.count("done") == 1
        assert sorted([state(one), state(two)]) == ["cancelled", "new"]


def test_resolving_a_main_incident_against_a_new_part() -> None:
    world = World()
    for _round in range(5):
        main, part = world.opened(), world.opened()
        results = together(resolving(main, world), joining(part, main, world))
        assert results[0] == "done"
        assert results[1] in ("done", "wrong_state")
        assert (Record.objects.get(pk=part.pk).parent_id == main.pk) == (results[1] == "done")


def test_one_form_sent_four_times_at_once_logs_one_incident() -> None:
    world = World()
    key = UUID("8d7f1a52-0000-4000-8000-000000000002")
    assert together(*[lambda: world.opened(call_key=key)] * 4) == ["done"] * 4
    assert Incident.objects.count() == 1
