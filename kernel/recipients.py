"""Who stands in a named relation to a record, answered by the room that knows (the assignee by coordination).

Notifications ask by name and import no sibling; a room registers its answer when its app is ready.
"""

from collections.abc import Callable, Iterable

Resolver = Callable[[int], Iterable[int]]
_resolvers: dict[str, Resolver] = {}


def recipient(name: str) -> Callable[[Resolver], Resolver]:
    """Register the function that names the people (user ids) of a relation to a record (by id)."""

    def register(function: Resolver) -> Resolver:
        _resolvers[name] = function
        return function

    return register


def people_of(name: str, record_id: int) -> list[int]:
    """The people of that relation; none when no room answers for the name."""
    resolver = _resolvers.get(name)
    return list(resolver(record_id)) if resolver else []
