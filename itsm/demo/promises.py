"""What is promised: categories, matrix, targets, pause rules, escalation steps."""

from accounts.models import Team
from accounts.queries import SYSTEM
from incidents.models import MatrixCell
from incidents.queries.rules import DEFAULT_MATRIX
from itsm.demo.world import World, texts
from records.models import Category
from sla.commands import replan
from sla.models import EscalationStep, PauseRule, Replan, Target

KIND = "incident"
RESPONSE, RESOLUTION = "response", "resolution"
TARGETS = {
    (RESPONSE, 1): (15, "always"), (RESPONSE, 2): (60, "extended-se"), (RESPONSE, 3): (240, "office-se"),
    (RESPONSE, 4): (480, "office-se"),
    (RESOLUTION, 1): (240, "always"), (RESOLUTION, 2): (480, "extended-se"), (RESOLUTION, 3): (24 * 60, "office-se"),
    (RESOLUTION, 4): (80 * 60, "office-se"),
}  # fmt: skip
"""(metric, priority) → minutes of a calendar."""
OWN_TARGETS = {"pacs": (RESOLUTION, 2, 300, "always"), "journal": (RESOLUTION, 2, 240, "always"),
               "jiankong": (RESOLUTION, 3, 16 * 60, "office-cn")}  # fmt: skip
PAUSES = {"user": True, "supplier": False, "change": True, "visit": True}


def build_promises(world: World) -> None:
    """Everything that the settings pages call data about promises."""
    _build_categories(world)
    MatrixCell.objects.bulk_create(
        [MatrixCell(impact=impact, urgency=urgency, priority=p) for (impact, urgency), p in DEFAULT_MATRIX.items()]
    )
    targets = [
        Target(kind=KIND, metric=metric, priority=priority, minutes=minutes, calendar=world.calendars[calendar],
               name={"en": f"P{priority}", "sv": f"P{priority}", "zh-hans": f"P{priority}"})
        for (metric, priority), (minutes, calendar) in TARGETS.items()
    ]  # fmt: skip
    targets += [
        Target(kind=KIND, metric=metric, priority=priority, minutes=minutes, calendar=world.calendars[calendar],
               service=world.services[code], name={"en": f"{code}, P{priority}"})
        for code, (metric, priority, minutes, calendar) in OWN_TARGETS.items()
    ]  # fmt: skip
    Target.objects.bulk_create(targets)
    PauseRule.objects.bulk_create([PauseRule(kind=KIND, reason=code, pauses=is_so) for code, is_so in PAUSES.items()])
    EscalationStep.objects.bulk_create(_steps(world.teams))
    replan.ask(Replan.Cause.RULES, actor=SYSTEM, at=world.at)


def _build_categories(world: World) -> None:
    rows = [
        Category(
            kind=KIND, code=spec["code"], name=spec["name"], team=world.teams[spec["team"]],
            estimate_minutes=spec["minutes"],
        )
        for spec in texts("faults")["categories"]
    ]  # fmt: skip
    world.categories = {row.code: row for row in Category.objects.bulk_create(rows)}


def _steps(teams: dict[str, Team]) -> list[EscalationStep]:
    action = EscalationStep.Action
    return [
        EscalationStep(kind=KIND, metric=RESPONSE, percent=75, action=action.NOTIFY_TEAM,
                       name={"en": "Response soon due", "sv": "Svar snart sent", "zh-hans": "响应即将超时"}),
        EscalationStep(kind=KIND, metric=RESOLUTION, percent=75, action=action.NOTIFY_PERSON,
                       config={"person": "assignee"},
                       name={"en": "Three quarters used", "sv": "Tre fjärdedelar använda", "zh-hans": "已用四分之三"}),
        EscalationStep(kind=KIND, metric=RESOLUTION, offset_minutes=0, action=action.NOTIFY_ROLE,
                       config={"role": "coordinator"},
                       name={"en": "Overdue", "sv": "Tiden överskriden", "zh-hans": "已超时"}),
        EscalationStep(kind=KIND, metric=RESOLUTION, priority=1, percent=50, action=action.NOTIFY_ROLE,
                       config={"role": "manager"},
                       name={"en": "P1 half used", "sv": "P1, halva tiden", "zh-hans": "P1 已用一半"}),
    ]  # fmt: skip
