"""`/metrics` for Prometheus: requests are counted when answered, the rest is asked of the database when scraped."""

import secrets
import time
from collections.abc import Callable, Iterator
from datetime import datetime

from django.conf import settings
from django.db import DatabaseError
from django.http import HttpRequest, HttpResponse, HttpResponseNotFound
from django.template.loader import render_to_string
from django.views.decorators.cache import never_cache
from django.views.decorators.http import require_safe
from prometheus_client import CollectorRegistry, Counter, Histogram, generate_latest
from prometheus_client.core import GaugeMetricFamily
from prometheus_client.multiprocess import MultiProcessCollector
from prometheus_client.registry import Collector

from accounts.doors import public
from coordination.queries.counts import depth
from itsm import environment
from journal.queries.outbox import backlog, signs_of_life
from journal.units import database_now
from notifications.queries.log import dead_count, open_count
from sla.queries.due import lateness

CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8"
HERE = frozenset({"127.0.0.1", "::1"})
OWN = CollectorRegistry()
"""What this process counted; under gunicorn the workers share files (PROMETHEUS_MULTIPROC_DIR)."""

REQUESTS = Counter("spindel_requests", "Requests answered.", ["area", "method", "status"], registry=OWN)
SECONDS = Histogram(
    "spindel_request_seconds", "Time until the answer was made.", ["area"], registry=OWN,
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
METHODS = frozenset({"GET", "HEAD", "POST", "PUT", "PATCH", "DELETE", "OPTIONS"})


class MetricsMiddleware:
    """Counts answers by area (an app, or "api"), never by address: few series, and nothing about records."""

    def __init__(self, get_response: Callable[[HttpRequest], HttpResponse]) -> None:
        self.get_response = get_response

    def __call__(self, request: HttpRequest) -> HttpResponse:
        begin = time.perf_counter()
        response = self.get_response(request)
        area = _area(request)
        method = request.method if request.method in METHODS else "other"
        REQUESTS.labels(area, method, str(response.status_code)).inc()
        SECONDS.labels(area).observe(time.perf_counter() - begin)
        return response


def _area(request: HttpRequest) -> str:
    match = request.resolver_match
    if match is None:
        return "none"
    return "api" if request.path.startswith("/api/") else match.app_name or "site"


@require_safe
@never_cache
@public
def metrics(request: HttpRequest) -> HttpResponse:
    """For this machine, or for whoever sends the token; to everybody else there is no such page."""
    if not _may_scrape(request):
        return HttpResponseNotFound(render_to_string("404.html", {}, request))
    now = CollectorRegistry()
    now.register(State())
    return HttpResponse(generate_latest(_counted()) + generate_latest(now), content_type=CONTENT_TYPE)


def _may_scrape(request: HttpRequest) -> bool:
    expected = settings.SPINDEL_METRICS_TOKEN
    if expected:
        given = request.headers.get("Authorization", "").removeprefix("Bearer ")
        return secrets.compare_digest(given.encode(), expected.encode())
    is_forwarded = any(name in request.headers for name in ("X-Forwarded-For", "Forwarded", "X-Real-IP"))
    return request.META.get("REMOTE_ADDR") in HERE and not is_forwarded


def _counted() -> CollectorRegistry:
    if not environment.metrics_directory():
        return OWN
    registry = CollectorRegistry()
    MultiProcessCollector(registry)  # type: ignore[no-untyped-call]  # the library types it not
    return registry


class State(Collector):
    """How things stand: a handful of small statements over partial indexes. Ages are 0 when nothing waits."""

    def collect(self) -> Iterator[GaugeMetricFamily]:
        """Nothing but `spindel_database 0` while the database is away."""
        try:
            found = list(_state(database_now()))
        except DatabaseError:
            found = []
        yield GaugeMetricFamily("spindel_database", "Whether the database answers.", value=int(bool(found)))
        yield from found


def _state(at: datetime) -> Iterator[GaugeMetricFamily]:
    yield _by("spindel_work_items", "Open work items.", "state", depth())
    late = lateness(at)
    yield _one("spindel_sla_overdue_steps", "Steps of promises that have come and not been fired.", late.overdue)
    yield _one("spindel_sla_oldest_overdue_seconds", "How late the sweep is.", _age(late.since, at))
    waiting = backlog(at)
    yield _one("spindel_outbox_waiting", "Reactions after commit that could run now.", waiting.waiting)
    yield _one("spindel_outbox_oldest_seconds", "Since when the oldest could.", _age(waiting.since, at))
    yield _one("spindel_deliveries_waiting", "Mails and webhooks that have not been sent.", open_count())
    given_up = {"reactions": waiting.dead, "steps": late.parked, "deliveries": dead_count()}
    yield _by("spindel_given_up", "What was tried to the end and failed; somebody must look.", "what", given_up)
    signs = signs_of_life()
    ages = {name: _age(last, at) for name, (last, _lag) in signs.items()}
    yield _by("spindel_last_alive_seconds", "Since the last sign of life.", "component", ages)
    rounds = {name: lag for name, (_last, lag) in signs.items()}
    yield _by("spindel_round_seconds", "How long the last noted round took.", "component", rounds)


def _one(name: str, words: str, value: float) -> GaugeMetricFamily:
    return GaugeMetricFamily(name, words, value=value)


def _by(name: str, words: str, label: str, values: dict[str, float] | dict[str, int]) -> GaugeMetricFamily:
    family = GaugeMetricFamily(name, words, labels=[label])
    for key, value in values.items():
        family.add_metric([key], value)
    return family


def _age(since: datetime | None, at: datetime) -> float:
    return max(0.0, (at - since).total_seconds()) if since else 0.0
