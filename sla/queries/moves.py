"""How it reads that due times moved (the event `sla.replanned`): from when to when, and because of what."""

from collections.abc import Mapping
from datetime import datetime
from typing import Any

from django.utils import timezone
from django.utils.translation import gettext as _

from kernel.templatetags.spindel import localname
from sla.queries.clocks import METRIC_NAMES
from sla.queries.parties import told_words

Data = Mapping[str, Any]


def moved_words(data: Data) -> str:
    """Every due time that moved, then the cause; times in the reader's zone."""
    moves = "; ".join(_move(move) for move in data["moves"])
    return _("%(moves)s. %(cause)s") % {"moves": moves, "cause": _cause(data)}


def _move(move: Data) -> str:
    facts = {"what": told_words(move) or METRIC_NAMES[move["metric"]], "old": _time(move["old"]),
             "new": _time(move["new"])}  # fmt: skip
    if move["old"] and move["new"]:
        return _("%(what)s: due %(new)s instead of %(old)s") % facts
    if move["new"]:
        return _("%(what)s: due %(new)s") % facts
    if move["state"] == "paused":
        return _("%(what)s: paused, was due %(old)s") % facts
    return _("%(what)s: no longer promised, was due %(old)s") % facts


def _time(text: str | None) -> str:
    return timezone.localtime(datetime.fromisoformat(text)).strftime("%Y-%m-%d %H:%M") if text else ""


def _cause(data: Data) -> str:
    facts = {"version": data["version"], "calendar": localname(data["calendar"] or {}), "why": data["why"]}
    if data["cause"] == "calendar":
        return _("The hours of “%(calendar)s” were edited (version %(version)s).") % facts
    if data["cause"] == "tzdata":
        return _("The zone rules have changed (%(version)s).") % facts
    if data["cause"] == "rules":
        return _("Promised times or pause rules were changed (version %(version)s).") % facts
    if data["why"]:
        return _("Because priority, service or requester changed: %(why)s") % facts
    return _("Because priority, service or requester changed.")
