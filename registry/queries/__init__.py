"""Read the registry; `from registry import queries`."""

from registry.queries.components import (
    by_id,
    by_ids,
    component,
    component_from_labels,
    components,
    held_by,
    initial,
    last_saved,
    locations,
    matching,
    own_facts,
    relation_kinds,
    relation_of,
    relations_of,
    relations_with,
    service,
    service_of,
    services,
    type_by_code,
    type_or_none,
    types,
)
from registry.queries.impact import Hit, Impact, ServiceHit, Step, impact, needs_of, services_hit, services_hit_by

__all__ = [
    "Hit", "Impact", "ServiceHit", "Step", "by_id", "by_ids", "component", "component_from_labels",
    "components", "held_by", "impact", "initial", "last_saved", "locations", "matching", "needs_of", "own_facts",
    "relation_kinds", "relation_of", "relations_of", "relations_with", "service", "service_of", "services",
    "services_hit", "services_hit_by", "type_by_code", "type_or_none", "types",
]  # fmt: skip
