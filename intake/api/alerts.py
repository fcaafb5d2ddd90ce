"""Where monitoring systems knock. Answered only after the commit; overload is 503, never 429 (RELIABILITY 0.5)."""

from threading import BoundedSemaphore
from typing import Any

from django.db import OperationalError
from django.urls import path
from django.utils.translation import gettext as _
from drf_spectacular.utils import OpenApiExample, OpenApiParameter, extend_schema
from rest_framework.exceptions import UnsupportedMediaType
from rest_framework.parsers import BaseParser
from rest_framework.request import Request
from rest_framework.response import Response

from accounts import rest
from accounts.doors import Access, Who
from accounts.rest.problems import problem
from accounts.roles import Permission
from intake import commands, queries
from intake.commands import Delivery
from intake.models import Source
from intake.signals import PARSERS, Unreadable, load_json
from journal.units import door

MOST_BYTES = 1_000_000
AT_ONCE = 2
"""Alerts that a web process works on at the same time: half of its threads, so that people are served as well."""
_room = BoundedSemaphore(AT_ONCE)
PATIENCE = 1
"""Seconds that a message may wait for its turn."""
RETRY = {"Retry-After": "5"}


class Raw(BaseParser):
    """The body as it came: reading it is intake's own business."""

    media_type = "application/json"

    def parse(self, stream: Any, media_type: Any = None, parser_context: Any = None) -> Any:
        """At most one byte more than is allowed."""
        return stream.read(MOST_BYTES + 1)


class Alerts(rest.View):
    """Takes messages of one format in."""

    access = Access(Who.ALLOWED, (Permission.ALERTS_WRITE,))
    scope_write = "alerts:write"
    parser_classes = (Raw,)
    throttle_classes = ()
    format_code = ""

    def post(self, request: Request) -> Response:
        """Keep, fold, answer 202 with the incidents' numbers."""
        source = queries.source_for(self.format_code, request.query_params.get("source", ""))
        if not _room.acquire(timeout=PATIENCE):
            return problem(503, _("Busy. Send this again in a few seconds."), code="busy", headers=RETRY)
        try:
            return self._take(source, _body(request))
        except OperationalError:
            return problem(503, _("Busy. Send this again in a few seconds."), code="busy", headers=RETRY)
        finally:
            _room.release()

    def _take(self, source: Source, raw: bytes) -> Response:
        if len(raw) > MOST_BYTES:
            return self._refuse(source, raw, 413, _("More than one megabyte. Send the alerts in several messages."))
        try:
            signals = PARSERS[self.format_code](load_json(raw))
        except Unreadable as fault:
            return self._refuse(source, raw, 400, fault.message)
        taken = Delivery(source, raw, signals)
        return self.act(lambda at: Response(commands.receive(taken, actor=self.actor, at=at).as_json(), status=202))

    def _refuse(self, source: Source, raw: bytes, status: int, reason: str) -> Response:
        with door(self.actor, source="api") as at:
            commands.keep_refused(source, raw, status=status, reason=reason, actor=self.actor, at=at)
        return problem(status, reason, code="unreadable" if status == 400 else "too_large")


def _body(request: Request) -> bytes:
    data: Any
    try:
        data = request.data
    except UnsupportedMediaType:
        data = request._request.read(MOST_BYTES + 1)  # noqa: SLF001  # whatever type the sender says it is
    return data if isinstance(data, bytes) else b""


WHICH = OpenApiParameter("source", str, description="Code of the alert source; without it the first of this format.")
RECEIPT = {
    "type": "object",
    "properties": {
        "incidents": {"type": "array", "items": {"type": "string"}},
        **{name: {"type": "integer"} for name in
           ("opened", "reopened", "repeated", "grouped", "resolved", "dropped", "unknown")},
    },
}  # fmt: skip


class Alertmanager(Alerts):
    """Prometheus Alertmanager, webhook version 4."""

    format_code = "alertmanager"

    @extend_schema(
        operation_id="alerts_alertmanager", parameters=[WHICH], request={"application/json": {"type": "object"}},
        responses={202: RECEIPT}, tags=["alerts"],
        examples=[OpenApiExample("A firing alert", request_only=True, value={
            "version": "4", "groupKey": "{}:{alertname=\"Down\"}", "status": "firing",
            "alerts": [{"status": "firing", "fingerprint": "a1b2c3", "startsAt": "2026-03-04T11:00:00Z",
                        "labels": {"alertname": "Down", "instance": "vpn-gw-02:9100", "severity": "critical"},
                        "annotations": {"summary": "VPN gateway does not answer"}}],
        })],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Take an Alertmanager webhook in. 202 after it is stored; 400 and 413 are kept for inspection; 503: again."""
        return super().post(request)


class Generic(Alerts):
    """Any other monitoring system."""

    format_code = "generic"

    @extend_schema(
        operation_id="alerts_generic", parameters=[WHICH], request={"application/json": {"type": "object"}},
        responses={202: RECEIPT}, tags=["alerts"],
        examples=[OpenApiExample("One alert", request_only=True, value={
            "title": "Disk almost full", "key": "db-3:disk", "status": "firing", "severity": "warning",
            "component": "db-3", "description": "91 % used", "url": "https://monitor.region.example/d/1",
        })],
    )  # fmt: skip
    def post(self, request: Request) -> Response:
        """Take one alert, or a list under `alerts`. `key` says which repeats belong together."""
        return super().post(request)


urlpatterns = [
    path("alerts/alertmanager/", Alertmanager.as_view(), name="alerts_alertmanager"),
    path("alerts/generic/", Generic.as_view(), name="alerts_generic"),
]
