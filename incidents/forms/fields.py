"""One own fact of an incident as a form of one field."""

from typing import Any

from django import forms

from incidents.models import Incident
from incidents.queries.facts import LABELS

LONGEST_TAG = 40


def as_text(incident: Incident, name: str) -> str:
    """The value as the form shows it: tags in a row."""
    value = getattr(incident, name)
    return ", ".join(value) if isinstance(value, list) else str(value)


def tags_of(text: str) -> list[str]:
    """Tags out of a row: lower case, without repeats, in order of the alphabet."""
    return sorted({tag.strip().casefold()[:LONGEST_TAG] for tag in text.replace(";", ",").split(",") if tag.strip()})


class FieldForm(forms.Form):
    """The one field that is asked for."""

    def __init__(self, name: str, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name = name
        widget = forms.Textarea(attrs={"rows": 3}) if name == "workaround" else forms.TextInput()
        longest = {"workaround": 20_000, "supplier_reference": 80}.get(name, 400)
        self.fields[name] = forms.CharField(
            label=LABELS[name], required=False, max_length=longest, widget=widget, strip=True
        )

    @property
    def value(self) -> Any:
        """What was typed, as the column keeps it."""
        return self._kept(self.cleaned_data[self.name])

    @property
    def seen(self) -> Any:
        """What the writer saw, as the column keeps it."""
        return self._kept(self.data.get("saw", ""))

    def _kept(self, text: str) -> Any:
        return tags_of(text) if self.name == "tags" else text.replace("\r\n", "\n").strip()
