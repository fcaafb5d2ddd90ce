"""Change the rules of the rank and the limits of a person; every change is a new version."""

from dataclasses import replace
from datetime import datetime

from django.utils.translation import gettext as _

from accounts import commands as accounts
from accounts.queries import setting_version
from coordination.queries.limits import LIMITS, Limits
from coordination.queries.rank import RULES
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
