"""What load balancers and `make run` ask: is the process alive, can it do its work."""

from collections.abc import Callable
from datetime import timedelta
from operator import itemgetter
from threading import Event

from django.core.cache import caches
from django.db import DatabaseError, connection
from django.db.migrations.executor import MigrationExecutor
from django.http import HttpRequest, HttpResponse, JsonResponse
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe

from accounts.doors import public
from itsm.cache import FailOpenCache
from journal.queries.outbox import signs_of_life
from journal.units import database_now

OK = "ok"
SILENT = timedelta(minutes=3)
"""Three rounds of the slowest part (RELIABILITY 6, I7)."""
_seen_migrated = Event()  # a yes stays true for this process, a no is asked again


@require_safe
@never_cache
@public
def healthz(request: HttpRequest) -> HttpResponse:
    """200 while the process answers; asks nothing else, so a database outage restarts no web process."""
    return HttpResponse("ok\n", content_type="text/plain")


@require_safe
@never_cache
@public
def readyz(request: HttpRequest) -> HttpResponse:
    """200 when database and migrations are in place, else 503.

    Of cache and engine it only tells: without them Spindel goes on, and what is due is done once one is back.
    """
    questions = {"database": _database, "migrations": _migrations, "cache": _cache, "engine": _engine}
    answers = {name: _ask(question) for name, question in questions.items()}
    ready = answers["database"] == answers["migrations"] == OK
    return JsonResponse(answers, status=200 if ready else 503)


def _ask(question: Callable[[], str]) -> str:
    try:
        return question()
    except DatabaseError:
        return "does not answer"


def _database() -> str:
    with connection.cursor() as cursor:
        cursor.execute("SELECT 1")
    return OK


def _migrations() -> str:
    return OK if _is_migrated() else "not applied: run manage.py migrate"


def _is_migrated() -> bool:
    if not _seen_migrated.is_set():
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            return False
        _seen_migrated.set()
    return True


def _engine() -> str:
    """A part of the engine that is at work leaves a sign of life every ten seconds, the seal every minute."""
    at = database_now()
    parts = {name.partition(":"): at - last for name, (last, _lag) in signs_of_life().items()}
    ages = {part: age for (of, _colon, part), age in parts.items() if of == "engine"}
    if not ages:
        return "not seen yet"
    name, age = max(ages.items(), key=itemgetter(1))
    return OK if age < SILENT else f"{name} was last alive {int(age.total_seconds())} s ago"


def _cache() -> str:
    backend = caches["default"]
    return OK if isinstance(backend, FailOpenCache) and backend.answers() else "does not answer"
