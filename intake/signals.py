"""Read what monitoring systems send into one shape. Pure: no database, no clock (DOMAIN M1).

Alertmanager's webhook is version 4 of its payload; the generic form is one alert or a list under `alerts`.
"""

import hashlib
import json
import math
from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any

from django.utils.dateparse import parse_datetime
from django.utils.translation import gettext as _

from kernel.errors import Unprocessable

MAX_ALERTS = 1_000
MAX_DEPTH = 20
MAX_LABELS = 100


class Unreadable(Unprocessable):
    """The payload cannot be used: answered with 400 and kept with its reason."""

    status = 400
    code = "unreadable"


@dataclass(frozen=True, slots=True)
class Signal:
    """One alert as every parser makes it. Times are the sender's words: stored, never used to start a clock."""

    fingerprint: str
    title: str
    firing: bool = True
    group_key: str = ""
    description: str = ""
    url: str = ""
    labels: dict[str, str] = field(default_factory=dict)
    annotations: dict[str, str] = field(default_factory=dict)
    starts_at: datetime | None = None


def load_json(raw: bytes) -> dict[str, Any]:
    """The JSON object in the bytes; Unreadable with the reason for anything a strict reader would not accept."""
    try:
        text = raw.decode("utf-8")
        data = json.loads(text, object_pairs_hook=_once, parse_constant=_no_constant, parse_float=_finite)
    except UnicodeDecodeError as error:
        raise Unreadable(_("The body is not UTF-8. Send JSON in UTF-8.")) from error
    except RecursionError as error:
        raise Unreadable(_("The JSON is nested too deeply.")) from error
    except ValueError as error:
        raise Unreadable(_("The body is not JSON: %(error)s") % {"error": error}) from error
    if not isinstance(data, dict):
        raise Unreadable(_("Send one JSON object, not a list or a bare value."))
    _check(data, 0)
    return data


def _once(pairs: list[tuple[str, Any]]) -> dict[str, Any]:
    found = dict(pairs)
    if len(found) != len(pairs):
        message = "a key occurs twice in one object"
        raise ValueError(message)
    return found


def _no_constant(name: str) -> float:
    message = f"{name} is not a JSON number"
    raise ValueError(message)


def _finite(text: str) -> float:
    value = float(text)
    if math.isinf(value):
        message = f"{text} is too large a number"
        raise ValueError(message)
    return value


def _check(value: Any, depth: int) -> None:
    if depth > MAX_DEPTH:
        raise Unreadable(_("The JSON is nested too deeply."))
    if isinstance(value, str):
        if "\x00" in value or any("\ud800" <= character <= "\udfff" for character in value):
            raise Unreadable(_("A text has a NUL or half a surrogate pair, which cannot be stored."))
    elif isinstance(value, dict):
        for key, each in value.items():
            _check(key, depth + 1)
            _check(each, depth + 1)
    elif isinstance(value, list):
        for each in value:
            _check(each, depth + 1)


def parse_alertmanager(data: dict[str, Any]) -> list[Signal]:
    """The signals of an Alertmanager webhook, version 4."""
    if str(data.get("version", "")) != "4":
        raise Unreadable(_("This endpoint reads version 4 of Alertmanager's webhook. The body says another version."))
    alerts = _alerts(data)
    group_key = _text(data.get("groupKey", ""), 500)
    return [_from_alertmanager(alert, group_key) for alert in alerts]


def _alerts(data: dict[str, Any]) -> list[dict[str, Any]]:
    alerts = data.get("alerts")
    if not isinstance(alerts, list) or not all(isinstance(alert, dict) for alert in alerts):
        raise Unreadable(_("`alerts` must be a list of objects."))
    if len(alerts) > MAX_ALERTS:
        raise Unreadable(_("More than %(most)s alerts in one message. Send them in several.") % {"most": MAX_ALERTS})
    return alerts


def _from_alertmanager(alert: dict[str, Any], group_key: str) -> Signal:
    labels, annotations = _texts(alert.get("labels")), _texts(alert.get("annotations"))
    status = alert.get("status")
    if status not in ("firing", "resolved"):
        raise Unreadable(_("An alert's `status` must be `firing` or `resolved`."))
    name = annotations.get("summary") or labels.get("alertname") or _("Alert without a name")
    where = labels.get("instance", "")
    title = name if not where or where in name else f"{name} · {where}"
    return Signal(
        fingerprint=_text(alert.get("fingerprint"), 255) or fingerprint_of(labels),
        title=title[:200],
        firing=status == "firing",
        group_key=group_key,
        description=annotations.get("description", ""),
        url=_text(alert.get("generatorURL"), 1000),
        labels=labels,
        annotations=annotations,
        starts_at=_time(alert.get("startsAt")),
    )


def parse_generic(data: dict[str, Any]) -> list[Signal]:
    """The signals of Spindel's own form: `title` and optionally key, status, group, severity, component, labels …"""
    alerts = _alerts(data) if "alerts" in data else [data]
    return [_from_generic(alert) for alert in alerts]


def _from_generic(alert: dict[str, Any]) -> Signal:
    title = _text(alert.get("title"), 200)
    if not title:
        raise Unreadable(_("Every alert needs a `title`."))
    status = alert.get("status", "firing")
    if status not in ("firing", "resolved"):
        raise Unreadable(_("An alert's `status` must be `firing` or `resolved`."))
    named = {key: _text(alert.get(key), 200) for key in ("severity", "component", "service")}
    labels = {**_texts(alert.get("labels")), **{key: value for key, value in named.items() if value}}
    return Signal(
        fingerprint=_text(alert.get("key"), 255) or fingerprint_of({"title": title, **labels}),
        title=title,
        firing=status == "firing",
        group_key=_text(alert.get("group"), 500),
        description=_text(alert.get("description"), 20_000),
        url=_text(alert.get("url"), 1000),
        labels=labels,
        starts_at=_time(alert.get("starts_at")),
    )


def fingerprint_of(labels: dict[str, str]) -> str:
    """A stable name for the same set of labels, for senders that give none."""
    text = "\n".join(f"{key}={value}" for key, value in sorted(labels.items()))
    return hashlib.sha256(text.encode()).hexdigest()[:32]


def _texts(value: Any) -> dict[str, str]:
    if value is None:
        return {}
    if not isinstance(value, dict):
        raise Unreadable(_("`labels` and `annotations` must be objects of texts."))
    if len(value) > MAX_LABELS:
        raise Unreadable(_("More than %(most)s labels on one alert.") % {"most": MAX_LABELS})
    return {key[:200]: _text(each, 5_000) for key, each in value.items()}


def _text(value: Any, longest: int) -> str:
    if value is None:
        return ""
    if isinstance(value, dict | list):
        raise Unreadable(_("A text was expected where the message has an object or a list."))
    return str(value).strip()[:longest]


def _time(value: Any) -> datetime | None:
    if not isinstance(value, str) or value.startswith("0001-"):
        return None
    try:
        parsed = parse_datetime(value)
    except ValueError:
        return None
    if parsed is None:
        return None
    return parsed if parsed.tzinfo else parsed.replace(tzinfo=UTC)


PARSERS = {"alertmanager": parse_alertmanager, "generic": parse_generic}
