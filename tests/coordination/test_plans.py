"""At ten thousand open work items the queue still reads by its index (PERFORMANCE 3): plans, never timings."""

import json
from collections.abc import Iterator
from datetime import timedelta
from typing import Any

import pytest
from django.db import connection
from django.db.models import QuerySet

from accounts.queries import actor_for
from coordination.queries.filtering import WorkFilter
from coordination.queries.fit import candidates
from coordination.queries.limits import Load, Seeker
from coordination.queries.rows import View, ranked
from kernel.actor import Actor
from tests.coordination.arrange import many
from tests.factories import NOON, make_team, make_user

pytestmark = [pytest.mark.django_db, pytest.mark.slow]
LATER = NOON + timedelta(minutes=10)


@pytest.fixture
def full_queue() -> Actor:
    """Ten thousand queued work items, and a technician who sees them all."""
    team = make_team()
    many(10_000, team=team)
    with connection.cursor() as cursor:
        cursor.execute("ANALYZE")
    return actor_for(make_user("technician", team=team))


def plan_of(rows: QuerySet[Any]) -> list[dict[str, Any]]:
    """Every node of the plan, the outermost first."""
    sql, values = rows.query.sql_with_params()
    with connection.cursor() as cursor:
        cursor.execute(f"EXPLAIN (ANALYZE, FORMAT JSON) {sql}", values)
        found = cursor.fetchone()[0]
    plan = found if isinstance(found, list) else json.loads(found)
    return list(_nodes(plan[0]["Plan"]))


def _nodes(node: dict[str, Any]) -> Iterator[dict[str, Any]]:
    yield node
    for below in node.get("Plans", []):
        yield from _nodes(below)


def read_by_rank(nodes: list[dict[str, Any]]) -> int:
    """How many rows the index in rank order gave; fails when it was not used or anything was sorted."""
    assert not [node for node in nodes if "Sort" in node["Node Type"]]
    (scan,) = [node for node in nodes if node.get("Index Name") == "rank_order"]
    return int(scan["Actual Rows"])


def test_the_first_fifty_and_the_next_one_come_from_the_rank_index(full_queue: Actor) -> None:
    rows = ranked(full_queue, View.EVERYTHING, WorkFilter(), (), LATER).order_by("-score", "work_item_id")[:51]
    nodes = plan_of(rows)
    assert read_by_rank(nodes) == 51
    assert not [node for node in nodes if node["Node Type"] == "Seq Scan" and node["Relation Name"] != "accounts_team"
                and node["Actual Rows"] > 100]  # fmt: skip
    person = Seeker(full_queue.id, tuple(full_queue.teams), (), "", Load(), 2400)
    assert read_by_rank(plan_of(candidates(full_queue, person, LATER)[:1])) == 1
