"""Input of the registry's pages; never saves."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from kernel.forms import NamedChoice
from kernel.localnames import local_name
from registry.models import Component, ComponentType, Location, RelationKind, Service
from workforce.models import Calendar

STATUS_WORDS = {
    "planned": _("Planned"), "ordered": _("Ordered"), "stock": _("In stock"), "in_use": _("In use"),
    "retired": _("Retired"),
}  # fmt: skip
CRITICALITY_WORDS = {1: _("1 – very high"), 2: _("2 – high"), 3: _("3 – ordinary"), 4: _("4 – low")}


LONGEST_PLAN = 20_000


class ComponentForm(forms.Form):
    """The facts that every component has, then those of its type (added by `with_own_fields`)."""

    tag = forms.CharField(label=_("Tag"), max_length=60, help_text=_("Unique; printed on the equipment."))
    name = forms.CharField(label=_("Name"), max_length=160)
    type = NamedChoice(ComponentType.objects.filter(retired_at=None), label=_("Type"))
    status = forms.ChoiceField(label=_("Status"), choices=list(STATUS_WORDS.items()), initial="in_use")
    owner_team = NamedChoice(Team.objects.filter(retired_at=None), label=_("Owner team"), required=False)
    location = forms.ModelChoiceField(Location.objects.filter(retired_at=None), label=_("Place"), required=False)
    holder = forms.CharField(
        label=_("Used by"), max_length=254, required=False, help_text=_("E-mail address or staff number.")
    )
    criticality = forms.TypedChoiceField(
        label=_("Criticality"), coerce=int, choices=list(CRITICALITY_WORDS.items()), initial=3
    )
    serial = forms.CharField(label=_("Serial number"), max_length=80, required=False)
    version = forms.IntegerField(widget=forms.HiddenInput, required=False)

    def __init__(self, *args: Any, kind: ComponentType | None = None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.kind = kind
        for spec in kind.fields if kind else []:
            self.fields[f"own_{spec['key']}"] = _own_field(spec)

    def clean_holder(self) -> User | None:
        """The person behind an e-mail address or staff number."""
        text = self.cleaned_data["holder"].strip()
        if not text:
            return None
        found = User.objects.filter(email__iexact=text).first() or User.objects.filter(staff_number=text).first()
        if found is None:
            raise forms.ValidationError(
                _("Nobody has that e-mail address or staff number. Leave it empty, or look it up.")
            )
        return found

    def values(self) -> dict[str, Any]:
        """What the command takes."""
        plain = {
            key: value for key, value in self.cleaned_data.items() if not key.startswith("own_") and key != "version"
        }
        if self.kind:
            plain["fields"] = {spec["key"]: self.data.get(f"own_{spec['key']}", "") for spec in self.kind.fields}
        return plain


def _own_field(spec: dict[str, Any]) -> forms.Field:
    label = local_name(spec.get("label", {})) or spec["key"]
    required = bool(spec.get("required"))
    if spec.get("type") == "choice":
        return forms.ChoiceField(
            label=label, required=required, choices=[("", "—"), *((c, c) for c in spec["choices"])]
        )
    if spec.get("type") == "date":
        return forms.DateField(label=label, required=required, widget=forms.DateInput(attrs={"type": "date"}))
    if spec.get("type") == "number":
        return forms.CharField(label=label, required=required, widget=forms.TextInput(attrs={"inputmode": "decimal"}))
    return forms.CharField(label=label, required=required, max_length=500)


class RelationForm(forms.Form):
    """This component needs that one, in a way."""

    kind = forms.ModelChoiceField(RelationKind.objects.filter(retired_at=None), label=_("This component"))
    target = forms.CharField(label=_("Tag of the other component"), max_length=60)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        choice = self.fields["kind"]
        choice.label_from_instance = lambda kind: local_name(kind.verb)  # type: ignore[attr-defined]  # Django's hook

    def clean_target(self) -> Component:
        """The component with that tag."""
        found = Component.objects.filter(tag__iexact=self.cleaned_data["target"].strip()).first()
        if found is None:
            raise forms.ValidationError(_("No component has that tag. Look it up in the list of components."))
        return found


class ServiceForm(forms.Form):
    """What a component promises as a service."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    customer = forms.CharField(label=_("Customer"), max_length=120, required=False)
    users = forms.IntegerField(label=_("Number of users"), min_value=0, initial=0)
    calendar = NamedChoice(Calendar.objects.filter(retired_at=None), label=_("Service hours"), required=False)
    support_team = NamedChoice(Team.objects.filter(retired_at=None), label=_("Support team"), required=False)
    is_prioritised = forms.BooleanField(label=_("Prioritised delivery"), required=False)
    emergency_plan = forms.CharField(
        label=_("Emergency plan"), required=False, max_length=LONGEST_PLAN, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("What to do when it cannot be restored now: reserve routines, who is told, who decides."),
    )  # fmt: skip

    def __init__(self, *args: Any, service: Service | None = None, pk: int | None = None, **kwargs: Any) -> None:
        kwargs["initial"] = {name: getattr(service, name) for name in self.base_fields} if service else {}
        super().__init__(*args, **kwargs)
        self.pk = pk

    def clean_code(self) -> str:
        """Codes are unique among services."""
        code: str = self.cleaned_data["code"]
        if Service.objects.filter(code=code).exclude(pk=self.pk).exists():
            raise forms.ValidationError(_("Another service has this code. Choose another one."))
        return code


class TypeForm(forms.Form):
    """A component type: names in three languages and its own fields, one a line."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    fields_text = forms.CharField(
        label=_("Own fields"), required=False, widget=forms.Textarea(attrs={"rows": 8}),
        help_text=_("One a line: key | type | English | Swedish | Chinese. Types: text, number, date, "
                    "choice(a, b, c). Put * behind the key of a field that must be filled in."),
    )  # fmt: skip
    is_retired = forms.BooleanField(label=_("No longer used for new components"), required=False)

    def clean_fields_text(self) -> list[dict[str, Any]]:
        """The lines as field specifications."""
        lines = [line for line in self.cleaned_data["fields_text"].splitlines() if line.strip()]
        found = [_spec(line) for line in lines]
        if len({spec["key"] for spec in found}) != len(found):
            raise forms.ValidationError(_("Two fields have the same key. Give each a key of its own."))
        return found

    def values(self) -> dict[str, Any]:
        """What the command takes."""
        data = self.cleaned_data
        name = {
            "en": data["name_en"],
            "sv": data["name_sv"] or data["name_en"],
            "zh-hans": data["name_zh"] or data["name_en"],
        }
        return {
            "code": data["code"], "name": name, "icon": "component", "fields": data["fields_text"],
            "is_retired": data["is_retired"],
        }  # fmt: skip


def _spec(line: str) -> dict[str, Any]:
    parts = [part.strip() for part in line.split("|")] + ["", "", "", ""]
    key, kind = parts[0].rstrip("*").strip(), parts[1] or "text"
    if not key.isidentifier():
        raise forms.ValidationError(_("“%(key)s” cannot be a key: use letters, digits and _.") % {"key": key})
    spec: dict[str, Any] = {"key": key, "type": kind, "required": parts[0].endswith("*")}
    if kind.startswith("choice(") and kind.endswith(")"):
        spec |= {"type": "choice", "choices": [each.strip() for each in kind[7:-1].split(",") if each.strip()]}
    if spec["type"] not in ("text", "number", "date", "choice") or (spec["type"] == "choice" and not spec["choices"]):
        raise forms.ValidationError(_("“%(kind)s” is not a type of field.") % {"kind": kind})
    english = parts[2] or key
    spec["label"] = {"en": english, "sv": parts[3] or english, "zh-hans": parts[4] or english}
    return spec


def fields_as_text(kind: ComponentType) -> str:
    """A type's fields in the form's notation."""
    lines = []
    for spec in kind.fields:
        label, name = spec.get("label", {}), spec.get("type", "text")
        if name == "choice":
            name = f"choice({', '.join(spec['choices'])})"
        key = spec["key"] + ("*" if spec.get("required") else "")
        lines.append(" | ".join([key, name, label.get("en", ""), label.get("sv", ""), label.get("zh-hans", "")]))
    return "\n".join(lines)


class BulkStatus(forms.Form):
    """One status for all."""

    status = forms.ChoiceField(label=_("Status"), choices=list(STATUS_WORDS.items()))


class BulkTeam(forms.Form):
    """One owner team for all, or none."""

    owner_team = NamedChoice(
        Team.objects.filter(retired_at=None), label=_("Owner team"), required=False, empty_label=_("None")
    )


class BulkPlace(forms.Form):
    """One place for all, or none."""

    location = forms.ModelChoiceField(
        Location.objects.filter(retired_at=None), label=_("Place"), required=False, empty_label=_("None")
    )


class BulkCriticality(forms.Form):
    """One criticality for all."""

    criticality = forms.TypedChoiceField(
        label=_("Criticality"), coerce=int, choices=list(CRITICALITY_WORDS.items()), initial=3
    )


BULK_VERBS = [
    {"name": "status", "label": _("Status"), "key": "s", "icon": "flag"},
    {"name": "team", "label": _("Owner team"), "key": "a", "icon": "users"},
    {"name": "place", "label": _("Place"), "key": "", "icon": "place"},
    {"name": "criticality", "label": _("Criticality"), "key": "p", "icon": "warn"},
]
BULK_FORMS: dict[str, type[forms.Form]] = {
    "status": BulkStatus, "team": BulkTeam, "place": BulkPlace, "criticality": BulkCriticality,
}  # fmt: skip
