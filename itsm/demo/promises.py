"""What is promised, and what records are about."""

from accounts.queries import SYSTEM
from incidents.models import MatrixCell
from incidents.queries.rules import DEFAULT_MATRIX
from itsm.demo.world import World, texts
from records.models import Category
from sla import commands as promises

KIND = "incident"
OWN_TARGETS = {
    "pacs": ("resolution", 2, 300, "always"),
    "journal": ("resolution", 2, 240, "always"),
    "jiankong": ("resolution", 3, 16 * 60, "office-cn"),
}
"""Service → metric, priority, minutes of a calendar: services that are promised more than all others."""


def build_promises(world: World) -> None:
    """The promises that every installation begins with, those of single services, the matrix, the categories."""
    promises.apply_defaults(actor=SYSTEM, at=world.at)
    _build_categories(world)
    MatrixCell.objects.bulk_create(
        [MatrixCell(impact=impact, urgency=urgency, priority=p) for (impact, urgency), p in DEFAULT_MATRIX.items()]
    )
    for code, (metric, priority, minutes, calendar) in OWN_TARGETS.items():
        content = promises.TargetContent(
            kind=KIND, metric=metric, priority=priority, minutes=minutes, calendar_id=world.calendars[calendar].pk,
            service_id=world.services[code].pk,
        )  # fmt: skip
        promises.save_target(None, content, actor=SYSTEM, at=world.at)


def _build_categories(world: World) -> None:
    rows = [
        Category(
            kind=KIND, code=spec["code"], name=spec["name"], team=world.teams[spec["team"]],
            estimate_minutes=spec["minutes"],
        )
        for spec in texts("faults")["categories"]
    ]  # fmt: skip
    world.categories = {row.code: row for row in Category.objects.bulk_create(rows)}
