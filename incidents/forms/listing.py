"""Forms beside the list: naming a view, and what a bulk verb needs."""

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from incidents.forms.call import impact_choices, urgency_choices
from incidents.forms.fields import tags_of
from incidents.forms.steps import workers
from incidents.models import Cause
from incidents.workflow import PENDING_REASONS


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


BULK_VERBS = [
    {"name": "assign", "label": _("Assign"), "key": "a", "icon": "assign"},
    {"name": "priority", "label": _("Priority"), "key": "p", "icon": "flag"},
    {"name": "hold", "label": _("Hold"), "key": "h", "icon": "hold"},
    {"name": "resolve", "label": _("Resolve"), "key": "r", "icon": "resolve"},
    {"name": "tag", "label": _("Add tags"), "key": "t", "icon": "tag"},
    {"name": "close", "label": _("Close"), "key": "", "icon": "check"},
]
BULK_FORMS: dict[str, type[forms.Form]] = {
    "assign": BulkAssign, "priority": BulkPriority, "hold": BulkHold, "resolve": BulkResolve, "tag": BulkTag,
    "close": forms.Form,
}  # fmt: skip
