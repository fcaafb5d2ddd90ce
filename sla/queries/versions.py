"""Escalation steps and pause rules as they were: every change keeps the whole list as a version (ARCHITECTURE 13)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Setting, Team
from kernel.errors import NotFound
from sla.models import EscalationStep, PauseRule

STEPS, PAUSES = "sla.steps", "sla.pause_rules"
"""Keys of the settings that hold the versions."""
COLUMNS = {
    STEPS: (
        "id", "kind", "metric", "party", "priority", "name", "percent", "offset_minutes", "repeat_minutes",
        "repeat_count", "action", "config", "team_id",
    ),
    PAUSES: ("id", "kind", "reason", "pauses"),
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Listed:
    """What is in force of one kind, as a version keeps it."""

    rows: tuple[Mapping[str, Any], ...] = ()


def in_force(key: str) -> Listed:
    """The rows in use now, by id."""
    rows = EscalationStep.objects.all() if key == STEPS else PauseRule.objects.all()
    return Listed(tuple(rows.filter(retired_at=None).order_by("pk").values(*COLUMNS[key])))


def versions(key: str) -> Sequence[Setting]:
    """The newest fifty versions, newest first, with who made each."""
    return list(Setting.objects.filter(key=key).select_related("by").order_by("-version")[:50])


def listed(key: str, version: int) -> list[Mapping[str, Any]]:
    """The rows of a version; NotFound when there was none."""
    stored = Setting.objects.filter(key=key, version=version).first()
    if stored is None:
        raise NotFound(_("There is no such version."))
    return list(stored.value["rows"])


def steps_of(version: int) -> list[EscalationStep]:
    """The escalation steps of a version, to be read and not saved."""
    rows = [EscalationStep(**row) for row in listed(STEPS, version)]
    teams = {team.pk: team for team in Team.objects.filter(pk__in=[row.team_id for row in rows if row.team_id])}
    for row in rows:
        if row.team_id is not None:
            row.team = teams[row.team_id]
    return rows


def pauses_of(version: int) -> list[PauseRule]:
    """The pause rules of a version, to be read and not saved."""
    return [PauseRule(**row) for row in listed(PAUSES, version)]
