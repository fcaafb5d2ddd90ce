"""What the address of a list of work narrows it to: form fields, and conditions typed as text (`sla:breach`)."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from coordination.queries.filtering import SLA_STATES, WorkFilter
from coordination.workflow import SIZES
from kernel.localnames import local_name
from workforce.queries import Held

SLA_WORDS = {"breach": _("Overdue"), "risk": _("Due soon"), "ok": _("On track"), "none": _("No promise")}


class WorkFilterForm(forms.Form):
    """The fields of the filter bar; a field with something unknown in it does not count, and is never an error."""

    priority = forms.ChoiceField(
        label=_("Priority"), choices=[("", _("Any")), *((str(n), f"P{n}") for n in (1, 2, 3, 4))]
    )
    sla = forms.ChoiceField(label=_("Promise"), choices=[("", _("Any")), *SLA_WORDS.items()])
    competence = forms.ChoiceField(label=_("Competence"))
    team = forms.CharField(label=_("Team"), max_length=40, widget=forms.TextInput({"size": 9}))
    site = forms.CharField(label=_("Site"), max_length=60, widget=forms.TextInput({"size": 9}))
    component = forms.CharField(label=_("Component"), max_length=60, widget=forms.TextInput({"size": 9}))

    use_required_attribute = False

    def __init__(self, data: Mapping[str, Any], competences: Iterable[Held]) -> None:
        super().__init__(data)
        for each in self.fields.values():
            each.required = False
        choices = [(each.code, local_name(each.name) or each.code) for each in competences]
        competence = self.fields["competence"]
        if isinstance(competence, forms.ChoiceField):
            competence.choices = [("", _("Any")), *choices]


@dataclass(slots=True)
class _Typed:
    """Conditions and words of the text field."""

    values: dict[str, str] = field(default_factory=dict)
    words: list[str] = field(default_factory=list)


TOKENS = ("sla", "p", "site", "team", "skill", "size", "is", "component")


def read_filter(query: Mapping[str, str], competences: Iterable[Held]) -> WorkFilter:
    """The filter that an address means: text conditions first, form fields over them."""
    typed = _typed(query.get("q", ""))
    said = typed.values
    priorities = query.get("priority") or said.get("p", "").lower().replace("p", "")
    sla = query.get("sla") or said.get("sla", "")
    size = said.get("size", "").upper()
    return WorkFilter(
        priorities=tuple(int(each) for each in priorities.split(",") if each in ("1", "2", "3", "4")),
        sla=sla if sla in SLA_STATES else "", site=(query.get("site") or said.get("site", ""))[:60],
        team=(query.get("team") or said.get("team", ""))[:40],
        competence=_competence(query.get("competence") or said.get("skill", ""), competences),
        component=(query.get("component") or said.get("component", ""))[:60],
        size=size if size in SIZES else "", is_major=said.get("is") == "major", words=tuple(typed.words[:8]),
    )  # fmt: skip


def _typed(text: str) -> _Typed:
    typed = _Typed()
    for token in text.split():
        name, colon, value = token.partition(":")
        if colon and value and name.lower() in TOKENS:
            typed.values[name.lower()] = value
        else:
            typed.words.append(token)
    return typed


def _competence(code: str, competences: Iterable[Held]) -> int | None:
    return next((each.id for each in competences if each.code == code.lower()), None) if code else None
