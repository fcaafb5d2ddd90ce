"""How work comes into the queue and is routed: needs, site, size, earliest; a team only where it must be one."""

from collections.abc import Iterable, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team
from coordination import events, policies
from coordination.commands.change import change, note
from coordination.commands.queueing import line_state, stand_in_line
from coordination.commands.rank import put_in_rank
from coordination.models import WorkItem
from coordination.queries.work import open_work
from coordination.workflow import SIZES, UNASSIGNED
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict
from records import commands as records
from records.models import Record
from registry import queries as registry
from workforce import queries as workforce


@command
def offer(
    record: Record, *, task: str, actor: Actor, at: datetime, title: str = "", needs: Sequence[int] | None = None,
    team: Team | None = None, estimate_minutes: int | None = None, site: str = "", is_routed: bool = True,
    is_major: bool = False, earliest_at: datetime | None = None,
) -> WorkItem:  # fmt: skip
    """The process says that work exists. Record locked, or opened in this transaction.

    Without `needs` they follow from the record's component; without `team` everybody who is able may see and take it.
    An unrouted work item waits for a coordinator; nobody picks it. With `earliest_at` still to come routed work is
    planned and enters the queue then. Priority, promise and harm of the record rank it.
    """
    needed = list(needs) if needs is not None else _needs_of(record)
    minutes = estimate_minutes or SIZES["S"]
    state = line_state(earliest_at=earliest_at, is_routed=is_routed, at=at)
    work_item = WorkItem.objects.create(
        record=record, task=task, title=title, state=state, team=team, needs=needed, site=site, is_routed=is_routed,
        estimate_minutes=minutes, remaining_minutes=minutes, is_major=is_major, earliest_at=earliest_at,
        offered_at=at, last_at=at,
    )  # fmt: skip
    if state == WorkItem.State.QUEUED:
        put_in_rank([work_item], at=at, are_new=True)
    _show(work_item, at)
    note(work_item, events.OFFERED, actor=actor, at=at, team=work_item.team_id, needs=needed, is_routed=is_routed)
    _tell_plan(work_item, actor=actor, at=at)
    return work_item


def _tell_plan(work_item: WorkItem, *, actor: Actor, at: datetime) -> None:
    if work_item.state == WorkItem.State.PLANNED:
        note(work_item, events.PLANNED, actor=actor, at=at, earliest_at=work_item.earliest_at)


def _needs_of(record: Record) -> list[int]:
    return registry.needs_of(record.component_id) if record.component_id is not None else []


def _show(work_item: WorkItem, at: datetime) -> None:
    """Those who may be asked to do the work see its record: the team, or every team with somebody able."""
    if work_item.record.confidential_class:
        return
    teams: Iterable[int] = [work_item.team_id] if work_item.team_id else workforce.teams_able(work_item.needs, at)
    records.share(work_item.record, teams=teams)


@command
def route(
    record: Record, *, actor: Actor, at: datetime, task: str | None = None, needs: Sequence[int] | None = None,
    team: Team | None = None, is_team_set: bool = False, estimate_minutes: int | None = None, site: str | None = None,
    earliest_at: datetime | None = None, is_earliest_set: bool = False,
) -> None:  # fmt: skip
    """Say what the work needs: competences, size, site, earliest time, team; what is not given stays as it is.

    `is_team_set` and `is_earliest_set` let None mean "no team" and "at once". Only work that nobody has can be routed.
    """
    at = records.lock(record, at=at)
    work_items = [each for each in open_work(record, task) if each.state in UNASSIGNED]
    if not work_items:
        raise Conflict(_("Nothing on %(number)s waits in the queue.") % {"number": record.number}, code="not_queued")
    values: dict[str, Any] = {"is_routed": True}
    if needs is not None:
        values["needs"] = sorted(set(needs))
    if team is not None or is_team_set:
        values["team"] = team
    if estimate_minutes is not None:
        values |= {"estimate_minutes": estimate_minutes, "remaining_minutes": estimate_minutes}
    if site is not None:
        values["site"] = site.strip()
    if earliest_at is not None or is_earliest_set:
        values["earliest_at"] = earliest_at
    for work_item in work_items:
        policies.require(policies.can_assign, actor, work_item)
        stand_in_line(work_item, at=at, **values)
        _show(work_item, at)
        note(work_item, events.ROUTED, actor=actor, at=at, team=work_item.team_id, needs=work_item.needs,
             minutes=work_item.estimate_minutes, site=work_item.site)  # fmt: skip
        _tell_plan(work_item, actor=actor, at=at)


@command
def set_major(record: Record, *, is_major: bool, actor: Actor, at: datetime) -> None:
    """The process has flagged or unflagged a major incident: its work passes limits and gets its points."""
    at = records.lock(record, at=at)
    work_items = open_work(record)
    for work_item in work_items:
        change(work_item, at=at, is_major=is_major)
    put_in_rank([each for each in work_items if each.state == WorkItem.State.QUEUED], at=at)
    if work_items:
        note(work_items[0], events.MAJOR, actor=actor, at=at, is_major=is_major)
