"""Input of the pages about people; cleans, never saves."""

import json
from collections import Counter
from collections.abc import Collection, Mapping
from typing import TYPE_CHECKING, Any

from django import forms
from django.conf import settings
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from accounts.options import KEYS
from accounts.queries import people
from accounts.roles import ROLES, SCOPES
from kernel.forms import NamedChoice
from kernel.zones import zone_names

if TYPE_CHECKING:
    UserChoice = forms.ModelChoiceField[User]
else:
    UserChoice = forms.ModelChoiceField

KINDS = (("person", _("Person")), ("guest", _("Guest")), ("integration", _("Integration")))


def _known_zone(name: str) -> str:
    if name not in zone_names():
        raise forms.ValidationError(_("There is no such time zone. Write it like Europe/Stockholm."))
    return name


def _check_meanings(map_: Mapping[str, str]) -> None:
    """ValidationError when a key would mean two things, or would begin the keys that start with g."""
    meanings = Counter([*map_.values(), *(key for key in KEYS if key not in map_)])
    doubled = sorted(key for key in map_.values() if meanings[key] > 1 or key == "g")
    if doubled:
        text = _("The key %(key)s has another meaning already. Give that one another key too, or choose another.")
        raise forms.ValidationError(text % {"key": doubled[0]})


class ProfileForm(forms.Form):
    """How pages look and speak to one person, and when they leave the person alone."""

    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.CharField(label=_("Time zone"), max_length=40, help_text=_("For example Europe/Stockholm."))
    theme = forms.ChoiceField(
        label=_("Theme"), choices=(("system", _("as the device")), ("light", _("light")), ("dark", _("dark")))
    )
    density = forms.ChoiceField(
        label=_("Density"), choices=(("compact", _("compact")), ("normal", _("normal")), ("roomy", _("roomy")))
    )
    keys = forms.ChoiceField(
        label=_("Single-key shortcuts"),
        choices=(("on", _("on")), ("ctrl", _("only with Ctrl")), ("off", _("off"))),
        help_text=_("Press ? on any page to see them all."),
    )
    key_map = forms.CharField(
        label=_("Own keys"), required=False, widget=forms.Textarea(attrs={"rows": 3}),
        help_text=_("One a line: the usual key, =, your key. For example: w = b"),
    )  # fmt: skip
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    quiet_from = forms.TimeField(
        label=_("Quiet hours from"), required=False, widget=forms.TimeInput(attrs={"type": "time"})
    )
    quiet_to = forms.TimeField(
        label=_("Quiet hours to"), required=False, widget=forms.TimeInput(attrs={"type": "time"}),
        help_text=_("Mails wait during these hours; what is urgent does not."),
    )  # fmt: skip

    def clean_zone(self) -> str:
        """A zone of the packaged list."""
        return _known_zone(self.cleaned_data["zone"].strip())

    def clean_key_map(self) -> dict[str, str]:
        """Usual key to own key; each usual key exists, and no key is left with two meanings."""
        found: dict[str, str] = {}
        for line in filter(str.strip, self.cleaned_data["key_map"].splitlines()):
            usual, _sign, own = (part.strip() for part in line.partition("="))
            if usual not in KEYS or len(own) != 1 or not own.isprintable():
                text = _("Write each line like w = b: the usual key, =, one key of your own. “%(line)s” is not.")
                raise forms.ValidationError(text % {"line": line.strip()})
            found[usual] = own
        _check_meanings(found)
        return {usual: own for usual, own in found.items() if usual != own}

    def clean(self) -> dict[str, Any]:
        """Quiet hours have both ends or none."""
        data = super().clean() or {}
        if "quiet_from" in data and "quiet_to" in data and bool(data["quiet_from"]) != bool(data["quiet_to"]):
            self.add_error("quiet_to", _("Fill in both ends of the quiet hours, or neither."))
        return data

    def values(self) -> dict[str, Any]:
        """The fields of `commands.change_profile`."""
        data = self.cleaned_data
        quiet = {"from": f"{data['quiet_from']:%H:%M}", "to": f"{data['quiet_to']:%H:%M}"} if data["quiet_from"] else {}
        plain = {name: data[name] for name in ("language", "zone", "theme", "density", "phone")}
        return plain | {"keys": {"mode": data["keys"], "map": data["key_map"]}, "quiet_hours": quiet}

    @staticmethod
    def start(user: User) -> dict[str, Any]:
        """What the form shows first."""
        plain = {name: getattr(user, name) for name in ("language", "zone", "theme", "density", "phone")}
        lines = "\n".join(f"{usual} = {own}" for usual, own in user.keys.get("map", {}).items())
        hours = {"quiet_from": user.quiet_hours.get("from", ""), "quiet_to": user.quiet_hours.get("to", "")}
        return plain | hours | {"keys": user.keys.get("mode", "on"), "key_map": lines}


class PersonForm(forms.Form):
    """Facts about somebody. The command checks what must be unique."""

    name = forms.CharField(label=_("Name"), max_length=120)
    kind = forms.ChoiceField(label=_("Kind"), choices=KINDS, initial="person")
    email = forms.EmailField(label=_("E-mail"), required=False)
    phone = forms.CharField(label=_("Phone"), max_length=40, required=False)
    staff_number = forms.CharField(label=_("Staff number"), max_length=40, required=False)
    unit = forms.CharField(label=_("Unit"), max_length=120, required=False)
    location = forms.CharField(label=_("Place"), max_length=120, required=False)
    language = forms.ChoiceField(label=_("Language"), choices=settings.LANGUAGES)
    zone = forms.CharField(label=_("Time zone"), max_length=40, initial="Europe/Stockholm")
    is_vip = forms.BooleanField(label=_("Calls have precedence"), required=False)
    seen = forms.JSONField(widget=forms.HiddenInput, required=False)

    def clean_zone(self) -> str:
        """A zone of the packaged list."""
        return _known_zone(self.cleaned_data["zone"].strip())

    @staticmethod
    def start(user: User) -> dict[str, Any]:
        """What the form shows first."""
        facts = {name: getattr(user, name) for name in PersonForm.base_fields if name != "seen"}
        return facts | {"seen": facts}

    def show_now(self, late: Mapping[str, Any]) -> None:
        """Say at each field what somebody else has written; what was typed stays, and the next save keeps it."""
        for name, value in late.items():
            text = _("Somebody else has just changed this to: %(value)s. Save again to keep yours.")
            self.add_error(name, text % {"value": self._words(name, value)})
        seen = {**(self.cleaned_data.get("seen") or {}), **late}
        self.data = {**{name: self.data.get(name) for name in self.data}, "seen": json.dumps(seen)}

    def _words(self, name: str, value: Any) -> str:
        if isinstance(value, bool):
            return str(_("yes") if value else _("no"))
        choices = dict(getattr(self.fields[name], "choices", ()))
        return str(choices.get(value, value or "–"))


def _teams() -> Any:
    return Team.objects.filter(retired_at=None).order_by("code")


class MemberForm(forms.Form):
    """A team to join."""

    team = NamedChoice(label=_("Team"), queryset=Team.objects.none())
    is_lead = forms.BooleanField(label=_("Leads the team"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["team"].queryset = _teams()  # type: ignore[attr-defined]  # a ModelChoiceField


class GrantForm(forms.Form):
    """A role to give, everywhere or in one team."""

    role = forms.ChoiceField(label=_("Role"), choices=())
    team = NamedChoice(
        label=_("In the team"), queryset=Team.objects.none(), required=False, empty_label=_("everywhere")
    )

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.code, _(role.label)) for role in ROLES.values()]
        self.fields["role"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField
        self.fields["team"].queryset = _teams()  # type: ignore[attr-defined]  # a ModelChoiceField


class TeamForm(forms.Form):
    """A team's facts."""

    code = forms.SlugField(label=_("Code"), max_length=40, help_text=_("Short, for imports and addresses."))
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    email = forms.EmailField(label=_("E-mail"), required=False)
    is_desk = forms.BooleanField(label=_("This team is a service desk"), required=False)
    is_retired = forms.BooleanField(label=_("No longer used"), required=False)

    def values(self) -> dict[str, Any]:
        """What `commands.save_team` takes."""
        data = self.cleaned_data
        names = {"en": data["name_en"], "sv": data["name_sv"], "zh-hans": data["name_zh"]}
        plain = {name: data[name] for name in ("code", "email", "is_desk", "is_retired")}
        return plain | {"name": {language: text or data["name_en"] for language, text in names.items()}}

    @staticmethod
    def start(team: Team) -> dict[str, Any]:
        """What the form shows first."""
        names = {
            f"name_{short}": team.name.get(lang, "") for short, lang in (("en", "en"), ("sv", "sv"), ("zh", "zh-hans"))
        }
        return names | {
            "code": team.code, "email": team.email, "is_desk": team.is_desk, "is_retired": team.retired_at is not None,
        }  # fmt: skip


class UserField(UserChoice):
    """Integrations and people, by name."""

    def label_from_instance(self, obj: User) -> str:
        """Name and e-mail."""
        return f"{obj.name} ({obj.email})" if obj.email else obj.name


class TokenForm(forms.Form):
    """A new token: whose rights, for what, how long."""

    user = UserField(
        label=_("Acts as"), queryset=User.objects.none(),
        help_text=_("An integration. The token never may more than its account and its scopes."),
    )  # fmt: skip
    name = forms.CharField(label=_("What uses it"), max_length=80)
    scopes = forms.MultipleChoiceField(
        label=_("Scopes"), choices=[(scope, scope) for scope in SCOPES], widget=forms.CheckboxSelectMultiple
    )
    expires_at = forms.DateField(
        label=_("Works until"), required=False, widget=forms.DateInput(attrs={"type": "date"}),
        help_text=_("Without a date: as long as the sign-in settings say."),
    )  # fmt: skip

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["user"].queryset = people.machines()  # type: ignore[attr-defined]  # a ModelChoiceField


class SignInForm(forms.Form):
    """Limits of sessions, and who needs a second factor."""

    idle_minutes = forms.IntegerField(
        label=_("Signed out after minutes without use"), min_value=5, max_value=7 * 24 * 60
    )
    longest_hours = forms.IntegerField(label=_("Signed out after hours in any case"), min_value=1, max_value=90 * 24)
    second_factor_roles = forms.MultipleChoiceField(
        label=_("Roles that need a second factor"), choices=(), required=False, widget=forms.CheckboxSelectMultiple
    )
    token_days = forms.IntegerField(label=_("Days that a new token works"), min_value=1, max_value=3650)
    seen = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choices = [(role.code, _(role.label)) for role in ROLES.values()]
        self.fields["second_factor_roles"].choices = choices  # type: ignore[attr-defined]  # a ChoiceField


class ImportForm(forms.Form):
    """A file to try out first, or rows as text."""

    file = forms.FileField(
        label=_("CSV file or Excel workbook"), required=False,
        help_text=_("The first line names the columns. At most 10 MB."),
        error_messages={"empty": _("The file is empty. Choose a file whose first line names the columns.")},
    )  # fmt: skip
    text = forms.CharField(required=False, strip=False, widget=forms.HiddenInput())

    def __init__(self, *args: Any, dropped: Collection[str] = (), **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.dropped = dropped

    def clean(self) -> dict[str, Any]:
        """One of the two is there."""
        values = super().clean() or {}
        if self.dropped:
            self.add_error("file", _("The file is too large. Split it: at most 10 MB are read at a time."))
        elif not values.get("file") and not values.get("text") and "file" not in self.errors:
            self.add_error("file", _("Choose a file."))
        return values

    def content(self) -> tuple[str, bytes]:
        """The name of the file and what is in it."""
        upload = self.cleaned_data["file"]
        if upload:
            return upload.name, upload.read()
        return "text.csv", self.cleaned_data["text"].encode()


class OwnViewForm(forms.Form):
    """The name of a saved view, and the team that may use it as well."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)
    team = NamedChoice(Team.objects.none(), label=_("Share with"), required=False, empty_label=_("Only for me"))

    def __init__(self, data: Mapping[str, Any] | None, *, teams: Collection[int]) -> None:
        super().__init__(data)
        own = self.fields["team"]
        own.queryset = Team.objects.filter(pk__in=teams, retired_at=None).order_by("code")  # type: ignore[attr-defined]  # a model choice field
