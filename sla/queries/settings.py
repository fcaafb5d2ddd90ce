"""What is set about promises, in plain sentences."""

from collections.abc import Mapping
from typing import Any, TypeVar

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.roles import ROLES
from kernel.errors import NotFound
from kernel.templatetags.spindel import localname
from kernel.words import duration_words
from registry.models import Service
from sla.models import EscalationStep, Party, PauseRule, SupplierTurn, Target
from sla.queries.clocks import METRIC_NAMES, REASONS
from sla.queries.explain import promise_words
from sla.queries.parties import told_words, words_of
from workforce.models import Calendar

Row = TypeVar("Row")

BOOST_POINTS, BOOST_HOURS = 50, 24
"""What a step that lifts work does unless it says otherwise, as coordination understands it."""

LATE_MINUTES = 2
"""What is told within so many minutes is told on time."""

ACTIONS = {
    "notify_person": gettext_lazy("tell one person"),
    "notify_role": gettext_lazy("tell everybody with a role"),
    "notify_team": gettext_lazy("tell the team"),
    "raise_priority": gettext_lazy("raise the priority"),
    "boost": gettext_lazy("lift the work in the queue"),
    "offer_team": gettext_lazy("offer the work to another team"),
}
PEOPLE = {
    "contact_owner": gettext_lazy("who answers the requester"),
    "assignee": gettext_lazy("who works on it"),
    "lead": gettext_lazy("who leads the team"),
}


TURNS = {
    Party.TEAM.value: gettext_lazy("A team's own time"),
    Party.SUPPLIER.value: gettext_lazy("A supplier's time"),
}
"""What a step of a team's or supplier's clocks is about."""


def targets() -> QuerySet[Target]:
    """Promises in force, those to customers first, those for everything before those for something."""
    rows = Target.objects.filter(retired_at=None).select_related("calendar", "service__component", "team")
    return rows.order_by("kind", "party", "metric", "team__code", "supplier", "service__code", "customer", "priority")


def target(pk: int) -> Target:
    """A promise in force. NotFound."""
    return _found(targets().filter(pk=pk).first())


def steps() -> QuerySet[EscalationStep]:
    """Escalation steps in force."""
    rows = EscalationStep.objects.filter(retired_at=None).select_related("team")
    return rows.order_by("kind", "party", "metric", "priority", "percent", "offset_minutes", "pk")


def step(pk: int) -> EscalationStep:
    """An escalation step in force. NotFound."""
    return _found(steps().filter(pk=pk).first())


def calendars() -> QuerySet[Calendar]:
    """Calendars that a promise can be counted in."""
    return Calendar.objects.filter(retired_at=None)


def services() -> QuerySet[Service]:
    """Services that a promise can be about."""
    return Service.objects.filter(retired_at=None)


def teams() -> QuerySet[Team]:
    """Teams that a step can speak of."""
    return Team.objects.filter(retired_at=None)


def pause_rules() -> QuerySet[PauseRule]:
    """Waiting reasons that somebody has decided about."""
    return PauseRule.objects.filter(retired_at=None).order_by("kind", "reason")


def pause_rule(kind: str, reason: str) -> PauseRule:
    """What was decided about one reason. NotFound."""
    return _found(pause_rules().filter(kind=kind, reason=reason).first())


def customers() -> list[str]:
    """Units that people belong to and services are for: who may be a customer."""
    units = User.objects.exclude(unit="").values_list("unit", flat=True)
    named = Service.objects.exclude(customer="").values_list("customer", flat=True)
    promised = Target.objects.exclude(customer="").values_list("customer", flat=True)
    return sorted({*units.distinct(), *named.distinct(), *promised.distinct()}, key=str.casefold)


def suppliers() -> list[str]:
    """Suppliers that records went to, or that have promised something."""
    named = SupplierTurn.objects.values_list("supplier", flat=True)
    promised = Target.objects.exclude(supplier="").values_list("supplier", flat=True)
    found = {each.casefold(): each for each in (*named.distinct(), *promised.distinct())}
    return sorted(found.values(), key=str.casefold)


def _found(row: Row | None) -> Row:
    if row is None:
        raise NotFound(_("There is no such setting any more."))
    return row


# ---------------------------------------------------------------------------------------------- sentences


def target_sentence(row: Target) -> str:
    """A promise as one sentence."""
    if row.party != Party.CUSTOMER:
        return _("%(whose)s with %(records)s: %(promise)s.") % {
            "whose": words_of(row), "records": _of(row),
            "promise": promise_words(row.minutes, localname(row.calendar.name)),
        }  # fmt: skip
    return _("%(metric)s of %(records)s within %(promise)s.") % {
        "metric": METRIC_NAMES[row.metric], "records": _of(row),
        "promise": promise_words(row.minutes, localname(row.calendar.name)),
    }  # fmt: skip


def _of(row: Target) -> str:
    said = _records(row.priority, row.service.component.name if row.service else "")
    return _("%(records)s from %(customer)s") % {"records": said, "customer": row.customer} if row.customer else said


def _records(priority: int | None, service: str = "") -> str:
    if priority is None and not service:
        return _("all incidents")
    if priority is None:
        return _("incidents of the service %(service)s") % {"service": service}
    if not service:
        return _("incidents with priority %(priority)s") % {"priority": priority}
    return _("incidents with priority %(priority)s of the service %(service)s") % {
        "priority": priority, "service": service,
    }  # fmt: skip


def step_sentence(row: EscalationStep) -> str:
    """An escalation step as one sentence."""
    said = _("%(when)s for %(records)s: %(action)s.") % {
        "when": _when(row), "records": _records(row.priority), "action": _action(row)
    }  # fmt: skip
    if not row.repeat_minutes or not row.repeat_count:
        return said
    again = _("Again after each %(time)s, %(count)s times.") % {
        "time": duration_words(row.repeat_minutes), "count": row.repeat_count
    }  # fmt: skip
    return f"{said} {again}"


def fired_words(data: Mapping[str, Any]) -> str:
    """The event of a step that fired (its data as `sla.step_fired` carries them) as one line, with how late it came."""
    row = EscalationStep(
        metric=data["metric"], percent=data.get("percent"), offset_minutes=data.get("offset_minutes"),
        action=data["action"], config=data.get("config") or {},
    )  # fmt: skip
    when = _when(row, told_words(data)).rstrip(",，")
    said = _("%(when)s: %(action)s") % {"when": when, "action": _action(row)}
    return _with_lateness(said, data)


def overdue_words(data: Mapping[str, Any]) -> str:
    """The event of a broken promise (its data as `sla.breached` and `sla.turn_overdue` carry them) as one line."""
    whose = told_words(data)
    if whose:
        said = _("%(whose)s is used up") % {"whose": whose}
    else:
        said = _("%(metric)s: the promise is broken") % {"metric": METRIC_NAMES[data["metric"]]}
    return _with_lateness(said, data)


def _with_lateness(said: str, data: Mapping[str, Any]) -> str:
    """Late rather than never, and never silently late (DOMAIN S3)."""
    minutes = int(data.get("late_seconds") or 0) // 60
    if minutes < LATE_MINUTES:
        return said
    return _("%(said)s (told %(time)s late)") % {"said": said, "time": duration_words(minutes)}


def _when(row: EscalationStep, whose: str = "") -> str:
    facts: dict[str, Any] = {"metric": whose or TURNS.get(row.party, METRIC_NAMES[row.metric]), "percent": row.percent}
    if row.percent is not None:
        return _("%(metric)s, when %(percent)s %% of the time is used,") % facts
    facts["time"] = duration_words(row.offset_minutes or 0)
    if not row.offset_minutes:
        return _("%(metric)s, at the due time,") % facts
    if row.offset_minutes < 0:
        return _("%(metric)s, %(time)s before the due time,") % facts
    return _("%(metric)s, %(time)s after the due time,") % facts


def _action(row: EscalationStep) -> str:
    action = str(ACTIONS[row.action])
    config = row.config
    who = str(PEOPLE.get(config.get("person", ""), "")) or _role(config.get("role", ""))
    who = who or (localname(row.team.name) if row.team else "")
    if row.action == EscalationStep.Action.BOOST:
        who = _("%(points)s points for %(hours)s hours") % boost_of(config)
    return _("%(action)s (%(who)s)") % {"action": action, "who": who} if who else action


def _role(code: str) -> str:
    return _(ROLES[code].label) if code in ROLES else code


def boost_of(config: Mapping[str, Any]) -> dict[str, int]:
    """How far and how long a step lifts the work, when it says nothing itself."""
    return {"points": config.get("points", BOOST_POINTS), "hours": config.get("hours", BOOST_HOURS)}


def pause_sentence(row: PauseRule) -> str:
    """A pause rule as one sentence."""
    reason = REASONS.get(row.reason, row.reason)
    if row.pauses:
        return _("Incidents %(reason)s: the clock is paused.") % {"reason": reason}
    return _("Incidents %(reason)s: the clock goes on.") % {"reason": reason}
