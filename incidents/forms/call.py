"""A call at the desk, made into cleaned values; nothing is saved here."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import User
from incidents.models import Cause, Incident
from incidents.queries import call, rules
from kernel.templatetags.spindel import localname
from records.models import Category
from records.queries import choices
from registry.models import Component


def impact_choices() -> list[tuple[int, object]]:
    """From one person to everyone."""
    return list(rules.IMPACTS.items())


def urgency_choices() -> list[tuple[int, object]]:
    """From can wait to stopped."""
    return list(rules.URGENCIES.items())


class CategoryField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Categories by their name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return localname(obj.name) or str(obj.code)


def category_field() -> CategoryField:
    """An optional category of incidents."""
    rows = Category.objects.filter(kind="incident", retired_at=None).order_by("code")
    return CategoryField(rows, required=False, label=_("Category"))


class AboutForm(forms.Form):
    """What every way of reporting asks."""

    about = forms.CharField(
        label=_("About"), max_length=1000, help_text=_("One line, in the caller's words"),
        error_messages={"required": _("Say in a few words what it is about.")},
    )  # fmt: skip
    description = forms.CharField(
        label=_("What happened"), required=False, max_length=50_000, widget=forms.Textarea(attrs={"rows": 4})
    )
    component = forms.ModelChoiceField(
        Component.objects.select_related("location", "type", "owner_team"), required=False, label=_("Component")
    )


class CallForm(AboutForm):
    """A call at the desk. Only the caller and what it is about are needed (UX 3.4)."""

    look_caller = forms.CharField(required=False, max_length=120, label=_("Caller"))
    caller = forms.ModelChoiceField(
        User.objects.filter(is_active=True, merged_into=None), required=False, label=_("Caller")
    )
    look_component = forms.CharField(required=False, max_length=120)
    nature = forms.ChoiceField(
        choices=Incident.Nature.choices, required=False, label=_("What it is"), widget=forms.RadioSelect
    )
    channel = forms.ChoiceField(
        choices=[("phone", _("Phone")), ("walk_in", _("Walk-in")), ("email", _("E-mail")), ("chat", _("Chat"))],
        required=False, label=_("How it came"),
    )  # fmt: skip
    impact = forms.TypedChoiceField(
        choices=impact_choices,
        coerce=int,
        empty_value=None,
        required=False,
        label=_("Impact"),
        widget=forms.RadioSelect,
    )
    urgency = forms.TypedChoiceField(
        choices=urgency_choices, coerce=int, empty_value=None, required=False, label=_("Urgency"),
        widget=forms.RadioSelect,
    )  # fmt: skip
    category = category_field()
    priority = forms.TypedChoiceField(
        choices=[("", _("as impact and urgency say")), *((n, f"P{n}") for n in rules.SCALE)], coerce=int,
        empty_value=None, required=False, label=_("Priority"),
    )  # fmt: skip
    priority_reason = forms.CharField(required=False, max_length=200, label=_("Why another priority"))
    cause = forms.ChoiceField(choices=[("", _("Choose")), *Cause.choices], required=False, label=_("Cause"))
    resolution = forms.CharField(
        required=False, max_length=20_000, label=_("What fixed it"), widget=forms.Textarea(attrs={"rows": 2}),
        help_text=_("The caller can read this."),
    )  # fmt: skip

    def clean(self) -> dict[str, Any]:
        """Find out who calls: the person chosen, the only one meant, or somebody unknown under the name typed."""
        values = super().clean() or {}
        values["impact"], values["urgency"] = values.get("impact") or 4, values.get("urgency") or 3
        typed = values.get("look_caller", "").strip()
        values["guest"] = ""
        if values.get("caller") is not None or "caller" in self.errors:
            return values
        if not typed:
            self.add_error("look_caller", _("Say who calls: a name is enough."))
            return values
        found = choices.find_people(typed)
        if found.people and found.only is None:
            self.add_error("look_caller", _("Several people fit. Choose one of them, or type more of the name."))
        values["caller"] = found.only
        values["guest"] = "" if found.people else typed
        return values


def typed(form: forms.Form) -> call.Typed:
    """Read the form's present values, leniently: nothing here is an error yet."""
    value = {name: form[name].value() for name in form.fields}
    return call.Typed(
        look=str(value["look_caller"] or ""), caller_id=_number(value["caller"]), about=str(value["about"] or ""),
        look_component=str(value["look_component"] or ""), component_id=_number(value["component"]),
        impact=_scale(value["impact"], 4), urgency=_scale(value["urgency"], 3),
        priority=_scale(value["priority"], 0) or None,
    )  # fmt: skip


def _number(value: Any) -> int | None:
    text = str(value or "")
    return int(text) if text.isdecimal() and len(text) < 10 else None


def _scale(value: Any, otherwise: int) -> int:
    number = _number(value)
    return number if number in (1, 2, 3, 4) else otherwise
