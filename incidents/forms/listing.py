"""What each bulk verb of the list needs, and does."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination import commands as work
from incidents import commands
from incidents.forms.call import impact_choices, urgency_choices
from incidents.models import Cause, Incident
from incidents.process import INCIDENTS
from incidents.workflow import PENDING_REASONS
from processes.details import tags_of
from processes.listing import BulkVerb
from processes.steps import Values, with_values, workers


class BulkAssign(forms.Form):
    """To whom."""

    person = forms.ModelChoiceField(workers(), label=_("Give them to"))
    override_reason = forms.CharField(
        label=_("Why although it does not fit"), required=False, max_length=200,
        help_text=_("Needed only past somebody's capacity or competence."),
    )  # fmt: skip


class BulkPriority(forms.Form):
    """A new assessment of all."""

    impact = forms.TypedChoiceField(label=_("Impact"), choices=impact_choices, coerce=int, widget=forms.RadioSelect)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=urgency_choices, coerce=int, widget=forms.RadioSelect)


class BulkHold(forms.Form):
    """What all wait for."""

    reason = forms.ChoiceField(
        label=_("Waiting for"), widget=forms.RadioSelect,
        choices=lambda: [(code, gettext(label)) for code, label in PENDING_REASONS.items()],
    )  # fmt: skip


class BulkResolve(forms.Form):
    """One cause and one text for all."""

    cause = forms.ChoiceField(label=_("Cause"), choices=[("", _("Choose")), *Cause.choices])
    resolution = forms.CharField(
        label=_("What fixed it"), max_length=20_000, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("Callers can read this."),
    )  # fmt: skip
    tell_callers = forms.BooleanField(label=_("Tell the callers"), required=False, initial=True)


class BulkTag(forms.Form):
    """Tags to put on all."""

    tags = forms.CharField(label=_("Tags"), max_length=400, help_text=_("With commas between them"))

    def clean_tags(self) -> list[str]:
        """As the column keeps them."""
        return tags_of(self.cleaned_data["tags"])


def _assign(incident: Incident, values: Values, **who: Any) -> object:
    work_item = INCIDENTS.required_work_item(incident.record)
    return work.assign(work_item, values["person"], override_reason=values["override_reason"], **who)


BULK_VERBS: tuple[BulkVerb[Incident], ...] = (
    BulkVerb(name="assign", label=_("Assign"), key="a", icon="assign", form=BulkAssign, run=_assign,
             says="Give the work of many to somebody.", example={"person": 12}),
    BulkVerb(name="priority", label=_("Priority"), key="p", icon="flag", form=BulkPriority,
             run=with_values(commands.set_priority), says="Assess impact and urgency of many anew.",
             example={"impact": 2, "urgency": 1}),
    BulkVerb(name="hold", label=_("Hold"), key="h", icon="hold", form=BulkHold, run=with_values(commands.hold),
             says="Put many on hold.", example={"reason": "supplier"}),
    BulkVerb(name="resolve", label=_("Resolve"), key="r", icon="resolve", form=BulkResolve,
             run=with_values(commands.resolve), says="Resolve many with one cause and one text.",
             example={"cause": "network", "resolution": "New cable."}),
    BulkVerb(name="tag", label=_("Add tags"), key="t", icon="tag", form=BulkTag, run=with_values(commands.add_tags),
             says="Add tags to many.", example={"tags": "vpn, storm"}),
    BulkVerb(name="close", label=_("Close"), icon="check", run=with_values(commands.close),
             says="Close many that are resolved."),
)  # fmt: skip
