"""Input of the pages about people; never saves."""

from typing import Any
from zoneinfo import ZoneInfo

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.roles import ROLES, SCOPES
from kernel.forms import NamedChoice


def clean_zone(text: str) -> str:
    """The name of a time zone that exists."""
    try:
        ZoneInfo(text)
    except (KeyError, ValueError, OSError) as error:
        raise forms.ValidationError(_("There is no such time zone. Write it like Europe/Stockholm.")) from error
    return text


class PersonForm(forms.Form):
    """The facts about a person."""

    name = forms.CharField(label=_("Name"), max_length=120)
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=120, required=False)
    location = forms.CharField(label=_("Place"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Europe/Stockholm")
    is_vip = forms.BooleanField(label=_("Calls have precedence"), required=False)

    def clean_zone(self) -> str:
        """An existing zone."""
        return clean_zone(self.cleaned_data["zone"])


class TeamsForm(forms.Form):
    """The teams of a person."""

    teams = forms.ModelMultipleChoiceField(
        Team.objects.filter(retired_at=None), label=_("Teams"), required=False, widget=forms.CheckboxSelectMultiple
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        field = self.fields["teams"]
        field.label_from_instance = NamedChoice(Team.objects.none()).label_from_instance  # type: ignore[attr-defined]  # Django's hook


class GrantForm(forms.Form):
    """A role, everywhere or in one team."""

    role = forms.ChoiceField(label=_("Role"), choices=lambda: [(code, _(role.label)) for code, role in ROLES.items()])
    team = NamedChoice(
        Team.objects.filter(retired_at=None), label=_("In the team"), required=False, empty_label=_("everywhere")
    )


class ProfileForm(forms.Form):
    """What everybody decides for themselves."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.CharField(label=_("Time zone"), max_length=40)
    theme = forms.ChoiceField(label=_("Theme"), choices=[
        ("system", _("as the device")), ("light", _("light")), ("dark", _("dark")),
    ])  # fmt: skip
    density = forms.ChoiceField(label=_("Density"), choices=[
        ("compact", _("compact")), ("normal", _("normal")), ("roomy", _("roomy")),
    ])  # fmt: skip
    keys = forms.ChoiceField(label=_("Single-key shortcuts"), choices=[
        ("on", _("on")), ("ctrl", _("only with Ctrl")), ("off", _("off")),
    ])  # fmt: skip
    quiet_from = forms.TimeField(
        label=_("Quiet hours from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_to = forms.TimeField(
        label=_("Quiet hours to"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )

    def clean_zone(self) -> str:
        """An existing zone."""
        return clean_zone(self.cleaned_data["zone"])

    @staticmethod
    def initial_of(user: User) -> dict[str, Any]:
        """What the form starts with."""
        quiet = user.quiet_hours
        return {
            "language": user.language, "zone": user.zone, "theme": user.theme, "density": user.density,
            "keys": user.keys.get("mode", "on"), "quiet_from": quiet.get("from", ""), "quiet_to": quiet.get("to", ""),
        }  # fmt: skip

    def values(self, user: User) -> dict[str, Any]:
        """What the command takes."""
        data = dict(self.cleaned_data)
        start, end = data.pop("quiet_from"), data.pop("quiet_to")
        quiet = {"from": start.strftime("%H:%M"), "to": end.strftime("%H:%M")} if start and end else {}
        return {**data, "keys": {**user.keys, "mode": data["keys"]}, "quiet_hours": quiet}


class TeamForm(forms.Form):
    """A team and its names."""

    code = forms.SlugField(label=_("Code"), max_length=40)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_desk = forms.BooleanField(label=_("This team is a service desk"), required=False)
    is_retired = forms.BooleanField(label=_("No longer used"), required=False)

    def values(self) -> dict[str, Any]:
        """What the command takes."""
        data, english = self.cleaned_data, self.cleaned_data["name_en"]
        name = {"en": english, "sv": data["name_sv"] or english, "zh-hans": data["name_zh"] or english}
        plain = {key: data[key] for key in ("code", "email", "is_desk", "is_retired")}
        return {**plain, "name": name}


class TokenForm(forms.Form):
    """A token for a machine."""

    user = forms.ModelChoiceField(
        User.objects.filter(is_active=True, kind__in=("integration", "person")).order_by("kind", "name"),
        label=_("Acts as"),
    )
    name = forms.CharField(label=_("What uses it"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )
