"""What each step does: its form, the one command behind it, the sentence when it is done. For pages and API alike."""

from collections.abc import Callable
from dataclasses import dataclass
from typing import Any

from django.utils.translation import gettext_lazy as lazy

from coordination import commands as work
from incidents import commands
from incidents.forms import steps as forms
from incidents.models import Incident
from incidents.queries.work import required_work_item

Values = dict[str, Any]


@dataclass(frozen=True, slots=True)
class Verb:
    """What a step does: its form, the one command behind it, and the sentence when it is done."""

    form: type[forms.StepForm]
    run: Callable[..., object]
    done: Any


def _hold(incident: Incident, values: Values, **who: Any) -> object:
    return commands.hold(incident, reason=values["reason"], until=values["until"], **who)


def _caller(incident: Incident, values: Values, **who: Any) -> object:
    guest = "" if values["person"] else values["caller"]
    return commands.add_caller(incident, values["person"], guest=guest, **who)


def _give(incident: Incident, values: Values, **who: Any) -> object:
    item = required_work_item(incident.record)
    return work.assign(item, values["person"], override_reason=values["override_reason"], **who)


def _with(command: Callable[..., object]) -> Callable[..., object]:
    """The command with the form's values under their own names."""
    return lambda incident, values, **who: command(incident, **values, **who)


def _on_work(command: Callable[..., object]) -> Callable[..., object]:
    """A command of coordination on the incident's open work item."""
    return lambda incident, values, **who: command(required_work_item(incident.record), **values, **who)


VERBS: dict[str, Verb] = {
    "take": Verb(forms.StepForm, _on_work(work.take), lazy("%(number)s is yours.")),
    "begin": Verb(forms.StepForm, _on_work(work.start), lazy("%(number)s is in progress.")),
    "give": Verb(forms.AssignForm, _give, lazy("%(number)s is assigned.")),
    "give_back": Verb(forms.HandBackForm, _on_work(work.hand_back), lazy("%(number)s is back in the queue.")),
    "hold": Verb(forms.HoldForm, _hold, lazy("%(number)s is on hold.")),
    "resume": Verb(forms.StepForm, _with(commands.resume), lazy("%(number)s is in progress again.")),
    "resolve": Verb(forms.ResolveForm, _with(commands.resolve), lazy("%(number)s is resolved.")),
    "close": Verb(forms.StepForm, _with(commands.close), lazy("%(number)s is closed.")),
    "reopen": Verb(forms.ReasonForm, _with(commands.reopen), lazy("%(number)s is open again.")),
    "cancel": Verb(forms.ReasonForm, _with(commands.cancel), lazy("%(number)s is cancelled.")),
    "prioritise": Verb(forms.PriorityForm, _with(commands.set_priority), lazy("%(number)s was assessed.")),
    "escalate": Verb(forms.EscalateForm, _with(commands.escalate), lazy("%(number)s is escalated.")),
    "caller": Verb(forms.CallerForm, _caller, lazy("Caller added to %(number)s.")),
    "update": Verb(forms.UpdateForm, _with(commands.post_update), lazy("The callers of %(number)s were told.")),
    "merge": Verb(
        forms.TargetForm,
        lambda incident, values, **who: commands.merge(incident, target=values["number"], **who),
        lazy("%(number)s was merged."),
    ),
    "part": Verb(
        forms.ParentForm,
        lambda incident, values, **who: commands.set_parent(incident, parent=values["number"], **who),
        lazy("The main incident of %(number)s was changed."),
    ),
    "major": Verb(forms.MajorForm, _with(commands.declare_major), lazy("%(number)s is a major incident.")),
    "stand_down": Verb(forms.ReasonForm, _with(commands.stand_down), lazy("%(number)s is no major incident now.")),
}
