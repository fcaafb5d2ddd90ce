"""A requester's own report, made into cleaned values."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from incidents.forms.call import AboutForm
from registry.models import Component


class ReportForm(AboutForm):
    """A requester's own report: no words of ours, no priority (UX 3.10)."""

    about = forms.CharField(
        label=_("What is wrong?"), max_length=1000, help_text=_("One line, such as: my screen is black"),
        error_messages={"required": _("Say in a few words what is wrong.")},
    )  # fmt: skip
    description = forms.CharField(
        label=_("Tell us more"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 5}),
        help_text=_("What you did, what you saw, since when."),
    )  # fmt: skip
    impact = forms.TypedChoiceField(
        choices=[(4, _("Only me")), (3, _("My team as well")), (2, _("The whole workplace"))], coerce=int, initial=4,
        label=_("Who is hit?"), widget=forms.RadioSelect,
    )  # fmt: skip
    urgency = forms.TypedChoiceField(
        choices=[(3, _("Yes")), (2, _("Yes, but slowly")), (1, _("No"))], coerce=int, initial=3,
        label=_("Can you work?"), widget=forms.RadioSelect,
    )  # fmt: skip
    component = forms.ModelChoiceField(Component.objects.none(), required=False, label=_("Is it one of these?"))

    def __init__(self, *args: Any, holder_id: int, **kwargs: Any) -> None:
        """Offer what the person holds."""
        super().__init__(*args, **kwargs)
        field = self.fields["component"]
        assert isinstance(field, forms.ModelChoiceField)  # noqa: S101  # declared above
        field.queryset = Component.objects.filter(holder=holder_id).exclude(status=Component.Status.RETIRED)
        field.empty_label = str(_("No, or I do not know"))
