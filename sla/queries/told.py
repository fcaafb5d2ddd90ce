"""How escalation steps and breaches read on the time line and in notifications, with how late they came (DOMAIN S3)."""

from collections.abc import Mapping
from typing import Any

from django.utils.translation import gettext as _

from kernel.words import duration_words
from sla.queries.clocks import METRIC_NAMES
from sla.queries.settings import ACTIONS

LATE_MINUTES = 2
"""A step that comes within so many minutes is on time."""


def step_words(data: Mapping[str, Any]) -> str:
    """When the step came, and what it does: "Resolution, 75 % of the time is used: tell the team"."""
    facts: dict[str, Any] = {
        "metric": METRIC_NAMES.get(data.get("metric", ""), ""), "percent": data.get("percent"),
        "time": duration_words(abs(data.get("offset_minutes") or 0)),
        "action": ACTIONS.get(data.get("action", ""), data.get("action", "")),
    }  # fmt: skip
    return _late(_when(data) % facts, data)


def _when(data: Mapping[str, Any]) -> str:
    offset = data.get("offset_minutes")
    if data.get("percent") is not None:
        return _("%(metric)s, %(percent)s %% of the time is used: %(action)s")
    if not offset:
        return _("%(metric)s is due: %(action)s")
    return (
        _("%(metric)s, %(time)s before it is due: %(action)s")
        if offset < 0
        else _("%(metric)s, %(time)s after it was due: %(action)s")
    )


def breach_words(data: Mapping[str, Any]) -> str:
    """Which promise is overdue."""
    return _late(_("%(metric)s is overdue") % {"metric": METRIC_NAMES.get(data.get("metric", ""), "")}, data)


def _late(said: str, data: Mapping[str, Any]) -> str:
    minutes = int(data.get("late_seconds") or 0) // 60
    if minutes < LATE_MINUTES:
        return said
    return _("%(said)s (told %(time)s late)") % {"said": said, "time": duration_words(minutes)}
