"""Input of the alert settings; never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from intake.models import SeverityRule, Source
from intake.queries import code_is_free
from kernel.forms import NamedChoice

IMPACTS = [(1, _("1 – everyone")), (2, _("2 – a site")), (3, _("3 – a team")), (4, _("4 – one person"))]
URGENCIES = [(1, _("1 – stopped")), (2, _("2 – slowed")), (3, _("3 – can work")), (4, _("4 – can wait"))]
FORMATS = [(Source.Format.ALERTMANAGER.value, "Alertmanager"), (Source.Format.GENERIC.value, _("simple JSON"))]


class SourceChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # of Source
    """A choice among monitoring systems, by name."""

    def label_from_instance(self, obj: Any) -> str:
        """Its name."""
        return str(obj.name)


class SourceForm(forms.Form):
    """A monitoring system."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name = forms.CharField(label=_("Name"), max_length=80)
    format = forms.ChoiceField(label=_("Format"), choices=FORMATS)
    on_resolved = forms.ChoiceField(label=_("When all its alerts have cleared"), choices=[
        ("resolve", _("resolve the incident")), ("annotate", _("only note it")), ("nothing", _("do nothing")),
    ])  # fmt: skip
    reopen_minutes = forms.IntegerField(
        label=_("Reopen when it comes back within, minutes"), min_value=0, max_value=20_000, initial=60
    )
    component_labels = forms.CharField(
        label=_("Labels that name the component"), initial="component, instance, host", required=False,
        help_text=_("Separated by commas, tried in this order."),
    )  # fmt: skip
    service_labels = forms.CharField(
        label=_("Labels that name the service"), initial="service", required=False,
        help_text=_("By the service's code."),
    )  # fmt: skip
    default_team = NamedChoice(
        Team.objects.filter(retired_at=None), label=_("Team when the component has none"), required=False
    )

    def clean_code(self) -> str:
        """No other source has it, not even one that is no longer used."""
        code: str = self.cleaned_data["code"]
        if code != self.initial.get("code") and not code_is_free(code, None):
            raise forms.ValidationError(_("This code is in use. Choose another one."))
        return code

    def clean_component_labels(self) -> list[str]:
        """The names as a list."""
        return names_in(self.cleaned_data["component_labels"])

    def clean_service_labels(self) -> list[str]:
        """The names as a list."""
        return names_in(self.cleaned_data["service_labels"])


def names_in(text: str) -> list[str]:
    """Names separated by commas."""
    return [name.strip() for name in text.split(",") if name.strip()]


class RuleForm(forms.Form):
    """Label and pattern → impact and urgency, or nothing at all."""

    source = SourceChoice(
        Source.objects.filter(retired_at=None), label=_("For"), required=False, empty_label=_("all sources")
    )
    position = forms.IntegerField(label=_("Position"), initial=10, help_text=_("Lower ones are tried first."))
    label = forms.CharField(label=_("Label"), max_length=80, initial="severity")
    pattern = forms.CharField(label=_("Value"), max_length=120, help_text=_("* stands for anything: crit*"))
    impact = forms.TypedChoiceField(label=_("Impact"), coerce=int, choices=IMPACTS, initial=3)
    urgency = forms.TypedChoiceField(label=_("Urgency"), coerce=int, choices=URGENCIES, initial=3)
    ignores = forms.BooleanField(label=_("Drop it: no incident"), required=False)


class TryForm(forms.Form):
    """A message to try the rules on."""

    source = SourceChoice(Source.objects.filter(retired_at=None), label=_("Source"), to_field_name="code")
    message = forms.CharField(label=_("Message as JSON"), widget=forms.Textarea(attrs={"rows": 10}))


def initial_of(row: Source | SeverityRule | None) -> dict[str, Any]:
    """What an edit form starts with."""
    if isinstance(row, Source):
        plain = {name: getattr(row, name) for name in SourceForm.base_fields}
        lists = {name: ", ".join(getattr(row, name)) for name in ("component_labels", "service_labels")}
        return plain | lists
    return {name: getattr(row, name) for name in RuleForm.base_fields} if row else {}
