"""Gather the facts that a rank is computed from; the rules in force."""

from collections import defaultdict
from collections.abc import Mapping, Sequence
from datetime import datetime

from accounts.queries import setting
from coordination.models import Boost, WorkItem
from coordination.ranking import Facts, Harm, Rules
from records.models import Record
from registry import queries as registry

RULES = "coordination.rules"
"""Key of the settings that hold the rules."""


def rules() -> Rules:
    """The rules in force."""
    return setting(RULES, Rules)


def facts_for(
    work_items: Sequence[WorkItem], at: datetime, harms: dict[int, Harm] | None = None, *, are_new: bool = False
) -> list[Facts]:
    """Facts of each work item in two statements. `harms` (by work item) saves walking the components again.

    Nobody has boosted work that is only now offered, so nobody is asked.
    """
    boosts = _boosts([] if are_new else work_items, at)
    known = harms if harms is not None else _harms(work_items)
    return [
        Facts(
            priority=each.record.priority, offered_at=max(each.offered_at, each.earliest_at or each.offered_at),
            risk_at=tuple(each.record.risk_at) if each.record.risk_at is not None else None,
            harm=known.get(each.pk, Harm()), is_major=each.is_major,
            is_vip=each.record.requester is not None and each.record.requester.is_vip,
            boosts=tuple(boosts.get(each.pk, ())),
        )
        for each in work_items
    ]  # fmt: skip


def _boosts(work_items: Sequence[WorkItem], at: datetime) -> Mapping[int, list[tuple[int, datetime]]]:
    found: dict[int, list[tuple[int, datetime]]] = defaultdict(list)
    if not work_items:
        return found
    running = Boost.objects.filter(work_item__in=[each.pk for each in work_items], expires_at__gt=at)
    for work_item, points, until in running.order_by("pk").values_list("work_item_id", "points", "expires_at"):
        found[work_item].append((points, until))
    return found


def _root(record: Record) -> int | None:
    """What stands still: the component, or the service when only that is known. A service is a component."""
    return record.component_id or record.service_id


def _harms(work_items: Sequence[WorkItem]) -> dict[int, Harm]:
    roots = {each.pk: root for each in work_items if (root := _root(each.record)) is not None}
    hit = registry.services_hit_by(set(roots.values())) if roots else {}
    found = {}
    for work_item, root in roots.items():
        services = hit.get(root, [])
        found[work_item] = Harm(
            services=len(services), prioritised=sum(each.is_prioritised for each in services),
            people=sum(each.users for each in services), names=tuple(each.name for each in services[:3]),
        )  # fmt: skip
    return found
