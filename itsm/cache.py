"""The cache client: answers "not there" when Redis is slow or away, so that no page depends on it (ARCHITECTURE 13)."""

import logging
import time
from collections.abc import Callable, Iterable
from typing import Any

from django.core.cache.backends.redis import RedisCache
from redis.exceptions import RedisError

log = logging.getLogger("spindel.cache")
FAILURES, REST_SECONDS = 3, 10.0


class FailOpenCache(RedisCache):
    """Django's Redis cache that never raises: after three failures in a row it is left alone for ten seconds."""

    def __init__(self, server: str, params: dict[str, Any]) -> None:
        super().__init__(server, params)
        self._failures, self._rest_until = 0, 0.0

    def _ask(self, question: Callable[[], Any], without: Any) -> Any:
        if time.monotonic() < self._rest_until:
            return without
        try:
            answer = question()
        except (RedisError, OSError) as fault:
            self._failures += 1
            if self._failures >= FAILURES:
                self._rest_until, self._failures = time.monotonic() + REST_SECONDS, 0
                log.warning("cache left alone for %s s: %s", REST_SECONDS, fault)
            return without
        self._failures = 0
        return answer

    def add(self, *args: Any, **kwargs: Any) -> bool:
        """True when added, and when nobody can tell."""
        return bool(self._ask(lambda: super(FailOpenCache, self).add(*args, **kwargs), without=True))

    def get(self, key: Any, default: Any = None, version: int | None = None) -> Any:
        """The value, or `default`."""
        return self._ask(lambda: super(FailOpenCache, self).get(key, default, version), without=default)

    def set(self, *args: Any, **kwargs: Any) -> None:
        """Keep the value when possible."""
        self._ask(lambda: super(FailOpenCache, self).set(*args, **kwargs), without=None)

    def touch(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the value was there."""
        return bool(self._ask(lambda: super(FailOpenCache, self).touch(*args, **kwargs), without=False))

    def delete(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the value was there."""
        return bool(self._ask(lambda: super(FailOpenCache, self).delete(*args, **kwargs), without=False))

    def get_many(self, *args: Any, **kwargs: Any) -> dict[Any, Any]:
        """The values that are there."""
        found: dict[Any, Any] = self._ask(lambda: super(FailOpenCache, self).get_many(*args, **kwargs), without={})
        return found

    def has_key(self, *args: Any, **kwargs: Any) -> bool:
        """Whether the value is there."""
        return bool(self._ask(lambda: super(FailOpenCache, self).has_key(*args, **kwargs), without=False))

    def incr(self, key: Any, delta: int = 1, version: int | None = None) -> int:
        """The number after adding; ValueError when it is not there, which is also said when nobody can tell."""
        answer = self._ask(lambda: super(FailOpenCache, self).incr(key, delta, version), without=None)
        if answer is None:
            raise ValueError(key)
        return int(answer)

    def set_many(self, *args: Any, **kwargs: Any) -> list[Any]:
        """The keys that could not be kept: none that anybody should act on."""
        self._ask(lambda: super(FailOpenCache, self).set_many(*args, **kwargs), without=None)
        return []

    def delete_many(self, keys: Iterable[Any], version: int | None = None) -> None:
        """Forget the values when possible."""
        self._ask(lambda: super(FailOpenCache, self).delete_many(keys, version), without=None)

    def clear(self) -> None:
        """Forget everything when possible."""
        self._ask(super().clear, without=None)

    def answers(self) -> bool:
        """Whether the server answers now."""
        try:
            return bool(self._cache.get_client(None).ping())
        except (RedisError, OSError):
            return False
