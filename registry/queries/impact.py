"""Read components and what hangs on them: who is hit when one stops, what work on one needs (DOMAIN K1, K2)."""

from collections import defaultdict, deque
from collections.abc import Iterable
from dataclasses import dataclass
from typing import Any

from django.db import connection
from django.db.models import F, Q

from registry.models import Component, ComponentNeed, RelationKind

# UNION (not UNION ALL) keeps every component once: that is the guard against cycles, and it keeps the work linear in
# the edges where enumerating paths would double with every pair of redundant ones.
_REACH = """
WITH RECURSIVE reach(root, id) AS (
    SELECT c.id, c.id FROM registry_component c WHERE c.id = ANY(%(roots)s)
  UNION
    SELECT reach.root, edge.source_id
    FROM reach
    JOIN registry_relation edge ON edge.target_id = reach.id
    JOIN registry_relationkind kind ON kind.id = edge.kind_id AND kind.carries_impact AND kind.retired_at IS NULL
    JOIN registry_component hit ON hit.id = edge.source_id AND hit.status <> 'retired'
)
"""
_SERVICES = (
    _REACH
    + """
SELECT reach.root, s.component_id, s.code, s.users, s.is_prioritised, c.name
FROM reach JOIN registry_service s ON s.component_id = reach.id AND s.retired_at IS NULL
JOIN registry_component c ON c.id = s.component_id
ORDER BY reach.root, s.is_prioritised DESC, s.users DESC, s.code
"""
)
_EDGES = (
    _REACH
    + """
SELECT edge.source_id, edge.target_id, edge.kind_id
FROM reach
JOIN registry_relation edge ON edge.target_id = reach.id
JOIN registry_relationkind kind ON kind.id = edge.kind_id AND kind.carries_impact AND kind.retired_at IS NULL
JOIN reach hit ON hit.id = edge.source_id
ORDER BY edge.target_id, edge.source_id, edge.kind_id
"""
)


@dataclass(frozen=True, slots=True)
class ServiceHit:
    """A service that stops or suffers when a component stops."""

    id: int
    code: str
    users: int
    is_prioritised: bool
    name: str = ""


@dataclass(frozen=True, slots=True)
class Step:
    """One edge of a path, told from the component that is hit: it <verb> `component`."""

    component_id: int
    tag: str
    name: str
    verb: dict[str, str]


@dataclass(frozen=True, slots=True)
class Hit:
    """A component that is hit, and the shortest path by which, nearest step first; the last step is the root."""

    id: int
    tag: str
    name: str
    type: dict[str, str]
    depth: int
    path: tuple[Step, ...]


@dataclass(frozen=True, slots=True)
class Impact:
    """What a component takes down: services, and at most `limit` components, nearest first; `total` counts all."""

    services: tuple[ServiceHit, ...]
    components: tuple[Hit, ...]
    total: int

    @property
    def people(self) -> int:
        """Users of the services hit, added up."""
        return sum(service.users for service in self.services)


def services_hit(component_id: int) -> list[ServiceHit]:
    """Services that stop when the component stops, itself included, prioritised and largest first. One statement."""
    return services_hit_by([component_id]).get(component_id, [])


def services_hit_by(component_ids: Iterable[int]) -> dict[int, list[ServiceHit]]:
    """`services_hit` of many components in one statement; components that hit none are left out."""
    found: dict[int, list[ServiceHit]] = defaultdict(list)
    for root, *service in _rows(_SERVICES, component_ids):
        found[root].append(ServiceHit(*service))
    return dict(found)


def impact(component_id: int, limit: int = 200) -> Impact:
    """Everything that is hit when the component stops, each once by its shortest path. Four statements, any size."""
    nearer = _shortest(component_id, _rows(_EDGES, [component_id]))
    nearest = sorted(nearer, key=lambda each: (nearer[each][2], each))[:limit]
    known = {row.pk: row for row in Component.objects.filter(pk__in=[component_id, *nearest]).select_related("type")}
    verbs = dict(RelationKind.objects.values_list("pk", "verb"))
    hits = []
    for each in nearest:
        path, at = [], each
        while at != component_id:
            target, kind, _depth = nearer[at]
            path.append(Step(target, known[target].tag, known[target].name, verbs[kind]))
            at = target
        row = known[each]
        hits.append(Hit(row.pk, row.tag, row.name, row.type.name, len(path), tuple(path)))
    return Impact(tuple(services_hit(component_id)), tuple(hits), len(nearer))


def _shortest(root: int, edges: Iterable[tuple[int, int, int]]) -> dict[int, tuple[int, int, int]]:
    """Component hit → (the one it needs on the shortest path, kind of relation, depth); ties by lowest id."""
    sources: dict[int, list[tuple[int, int]]] = defaultdict(list)
    for source, target, kind in edges:
        sources[target].append((source, kind))
    found: dict[int, tuple[int, int, int]] = {}
    todo = deque([(root, 0)])
    while todo:
        target, depth = todo.popleft()
        for source, kind in sources[target]:
            if source != root and source not in found:
                found[source] = (target, kind, depth + 1)
                todo.append((source, depth + 1))
    return found


def _rows(sql: str, roots: Iterable[int]) -> list[Any]:
    with connection.cursor() as cursor:
        cursor.execute(sql, {"roots": list(roots)})
        found: list[Any] = cursor.fetchall()
    return found


def needs_of(component_id: int) -> list[int]:
    """Competence × 10 + level that work on the component needs: its own and its type's, the higher level of both."""
    needed: dict[int, int] = {}
    wanted = Q(component=component_id) | Q(type__in=Component.objects.filter(pk=component_id).values("type"))
    rows = ComponentNeed.objects.filter(wanted, competence__retired_at=None)
    for competence, level in rows.values_list(F("competence_id"), F("level")):
        needed[competence] = max(level, needed.get(competence, 0))
    return sorted(competence * 10 + level for competence, level in needed.items())
