"""Change the rules of the rank and the limits of a person; every change is a new version."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts import commands as accounts
from accounts.queries import setting_version
from coordination.queries.limits import LIMITS, Limits
from coordination.queries.preview import rules_of_version
from coordination.queries.rank import RULES
from coordination.queries.reasons import COMES_WITH, REASONS, WAIT, Reasons
from coordination.ranking import Rules, faults
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from kernel.workflow import gettext_noop

FAULTS = {
    "four_priorities": gettext_noop("Give four numbers, for P1 to P4."),
    "five_steps": gettext_noop("Give five rising shares, for 25, 50, 75, 90 and 100 percent of the promise."),
    "waiting_rises": gettext_noop("Give hours that rise."),
    "not_negative": gettext_noop("Points are not negative."),
    "late_p4_below_fresh_p1": gettext_noop("A late P4 could stand above a fresh P1 that stops services."),
}


@command
def change_rules(rules: Rules, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Put other rules in force: a sweep ranks the queue again within a minute. Unprocessable for unfair rules."""
    wrong = faults(rules)
    if wrong:
        raise Unprocessable(" ".join(_(FAULTS[code]) for code in wrong), fields={"": [_(FAULTS[c]) for c in wrong]})
    version = setting_version(RULES) + 2  # the rules in code are version 1
    accounts.change_setting(RULES, replace(rules, version=version), seen=seen, actor=actor, at=at)


@command
def change_limits(limits: Limits, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Other places in progress, minutes of free release, hours of a skip."""
    accounts.change_setting(LIMITS, limits, seen=seen, actor=actor, at=at)


@command
def restore_rules(version: int, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Put the points of an earlier version in force again, as a new version. NotFound for a version that never was."""
    change_rules(rules_of_version(version), seen=seen, actor=actor, at=at)


@command
def change_reasons(reasons: Reasons, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Other reasons to hand back, wait or pass over. Unprocessable for a list without a reason, a code that occurs
    twice, or one of the four that incidents wait for (DOMAIN 4) retired."""  # fmt: skip
    wrong = [fault for kind in COMES_WITH for fault in _list_faults(kind, getattr(reasons, kind))]
    if wrong:
        raise Unprocessable(wrong[0], fields={"": wrong})
    accounts.change_setting(REASONS, reasons, seen=seen, actor=actor, at=at)


def _list_faults(kind: str, rows: Sequence[Mapping[str, Any]]) -> list[str]:
    codes = [row["code"] for row in rows]
    inuse = {row["code"] for row in rows if not row["is_retired"]}
    unnamed = [row["code"] for row in rows if not row["name"] and row["code"] not in COMES_WITH[kind]]
    checks = (
        (not inuse, _("Keep at least one reason in each list.")),
        (len(codes) != len(set(codes)), _("A code can stand in a list only once.")),
        (bool(unnamed), _("Give each new reason a name.")),
        (kind == WAIT and not set(COMES_WITH[WAIT]) <= inuse,
         _("Incidents wait for the user, a supplier, a change or a visit. Rename these four, but keep them.")),
    )  # fmt: skip
    return [message for is_wrong, message in checks if is_wrong]
