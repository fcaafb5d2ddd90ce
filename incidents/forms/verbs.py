"""What each step does: its form, the one command behind it, the sentence when it is done. For pages and API alike."""

from typing import Any

from django.utils.translation import gettext_lazy as _

from incidents import commands
from incidents.forms import steps as forms
from incidents.models import Incident
from incidents.process import INCIDENTS
from processes.steps import ReasonForm, StepForm, Values, Verb, with_values, work_verbs


def _hold(incident: Incident, values: Values, **who: Any) -> object:
    return commands.hold(incident, reason=values["reason"], until=values["until"], **who)


def _caller(incident: Incident, values: Values, **who: Any) -> object:
    guest = "" if values["person"] else values["caller"]
    return commands.add_caller(incident, values["person"], guest=guest, **who)


def _merge(incident: Incident, values: Values, **who: Any) -> object:
    return commands.merge(incident, target=values["number"], **who)


def _part(incident: Incident, values: Values, **who: Any) -> object:
    return commands.set_parent(incident, parent=values["number"], **who)


VERBS: dict[str, Verb[Incident]] = {
    **work_verbs(INCIDENTS),
    "hold": Verb(
        forms.HoldForm, _hold, _("%(number)s is on hold."), "Put on hold, with what it waits for.",
        {"reason": "supplier", "until": "2026-03-06T08:00:00Z"},
    ),
    "resume": Verb(
        StepForm, with_values(commands.resume), _("%(number)s is in progress again."), "Go on with what was on hold."
    ),
    "resolve": Verb(
        forms.ResolveForm, with_values(commands.resolve), _("%(number)s is resolved."),
        "Resolve, with the cause and what fixed it.",
        {"cause": "network", "resolution": "New cable.", "tell_callers": True},
    ),
    "close": Verb(StepForm, with_values(commands.close), _("%(number)s is closed."), "Close what is resolved."),
    "reopen": Verb(
        ReasonForm, with_values(commands.reopen), _("%(number)s is open again."),
        "Open again what is resolved or closed.", {"reason": "It drops again."},
    ),
    "cancel": Verb(
        ReasonForm, with_values(commands.cancel), _("%(number)s is cancelled."), "Cancel: nothing was to be done.",
        {"reason": "Logged twice."},
    ),
    "prioritise": Verb(
        forms.PriorityForm, with_values(commands.set_priority), _("%(number)s was assessed."),
        "Assess impact and urgency anew; another priority than they give needs a reason.", {"impact": 2, "urgency": 1},
    ),
    "escalate": Verb(
        forms.EscalateForm, with_values(commands.escalate), _("%(number)s is escalated."),
        "Hand over to another team or to a supplier.", {"team": 4, "reason": "Needs somebody at the switch."},
    ),
    "caller": Verb(
        forms.CallerForm, _caller, _("Caller added to %(number)s."), "Add one more person who reports the same.",
        {"caller": "Anna Berg"},
    ),
    "update": Verb(
        forms.UpdateForm, with_values(commands.post_update), _("The callers of %(number)s were told."),
        "Tell the callers how it stands.", {"body": "The supplier is on site."},
    ),
    "merge": Verb(
        forms.TargetForm, _merge, _("%(number)s was merged."),
        "Merge into another incident, which takes callers and words over.", {"number": "INC-2398"},
    ),
    "part": Verb(
        forms.ParentForm, _part, _("The main incident of %(number)s was changed."),
        "Make it part of a main incident, or take it out again.", {"number": "INC-2398"},
    ),
    "major": Verb(
        forms.MajorForm, with_values(commands.declare_major), _("%(number)s is a major incident."),
        "Declare a major incident.",
        {"leader": 12, "update_every_minutes": 60, "banner": "VPN is down. We are on it."},
    ),
    "emergency": Verb(
        forms.EmergencyForm, with_values(commands.start_emergency), _("The emergency plan of %(number)s runs."),
        "Start the emergency plan: it cannot be solved now.",
        {"reason": "The spare part comes on Monday.", "plan": "Work on paper; enter it afterwards."},
    ),
    "emergency_over": Verb(
        forms.NormalForm, with_values(commands.end_emergency), _("%(number)s is back to normal."),
        "Back to normal: the emergency plan ends.", {"reason": "The spare part is in, what was written is entered."},
    ),
    "stand_down": Verb(
        ReasonForm, with_values(commands.stand_down), _("%(number)s is no major incident now."),
        "No major incident any more.", {"reason": "The VPN works again."},
    ),
}  # fmt: skip
