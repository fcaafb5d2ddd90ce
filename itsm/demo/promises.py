"""What is promised, and what records are about."""

from accounts.queries import SYSTEM
from incidents.models import MatrixCell
from incidents.queries.rules import DEFAULT_MATRIX
from itsm.demo.world import World, texts
from records.models import Category
from sla import commands as promises
from workforce.models import Calendar

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


TEAM_HOURS = {1: (1, "always"), 2: (2, "always"), 3: (9, "office"), 4: (18, "office")}
"""Priority → how long a team may own an incident: hours of a calendar."""
SUPPLIER_HOURS = {1: (4, "always"), 2: (8, "always"), None: (45, "office")}
OWN_STEPS = (("team", 75, "assignee"), ("team", 100, "lead"), ("supplier", 75, "contact_owner"))
"""Of whose time, after how many percent, whom to tell."""


def build_agreements(world: World) -> None:
    """What teams promise each other and suppliers promise us; `demo --scale` goes without (ADR 10)."""
    for party, hours in (("team", TEAM_HOURS), ("supplier", SUPPLIER_HOURS)):
        for priority, (most, calendar) in hours.items():
            content = promises.TargetContent(
                kind=KIND, metric="resolution", priority=priority, minutes=most * 60, party=party,
                calendar_id=Calendar.objects.get(code=calendar).pk,
            )  # fmt: skip
            promises.save_target(None, content, actor=SYSTEM, at=world.at)
    for party, percent, person in OWN_STEPS:
        step = promises.StepContent(
            kind=KIND, metric="resolution", action="notify_person", config={"person": person}, percent=percent,
            party=party,
        )  # fmt: skip
        promises.save_step(None, step, actor=SYSTEM, at=world.at)


def _build_categories(world: World) -> None:
    rows = [
        Category(
            kind=KIND, code=spec["code"], name=spec["name"], team=world.teams[spec["team"]],
            estimate_minutes=spec["minutes"],
        )
        for spec in texts("faults")["categories"]
    ]  # fmt: skip
    world.categories = {row.code: row for row in Category.objects.bulk_create(rows)}
