"""Rules of incidents as forms: the matrix, closing, categories."""

from typing import Any

from django import forms
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from incidents.forms.call import category_field
from incidents.forms.steps import TeamChoice
from incidents.queries import rules
from records.commands.category import CategoryValues
from records.models import Category
from workforce.models import Calendar

PRIORITIES = [(n, f"P{n}") for n in rules.SCALE]
LANGUAGES = {"name_en": "en", "name_sv": "sv", "name_zh": "zh-hans"}


def as_text(matrix: rules.Matrix) -> str:
    """The sixteen priorities in a row, impact by impact: what a form has seen."""
    return "".join(str(matrix[impact, urgency]) for impact in rules.SCALE for urgency in rules.SCALE)


class MatrixForm(forms.Form):
    """Sixteen selects, one for each impact and urgency."""

    seen = forms.RegexField(r"^[1-4]{16}$", widget=forms.HiddenInput())

    def __init__(self, *args: Any, matrix: rules.Matrix, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["seen"].initial = as_text(matrix)
        for impact in rules.SCALE:
            for urgency in rules.SCALE:
                label = rules.priority_words(impact, urgency)
                self.fields[f"cell_{impact}_{urgency}"] = forms.TypedChoiceField(
                    label=label, choices=PRIORITIES, coerce=int, initial=matrix[impact, urgency],
                    widget=forms.Select(attrs={"aria-label": label}),
                )  # fmt: skip

    @property
    def rows(self) -> list[tuple[object, list[forms.BoundField]]]:
        """Impacts from everyone to one person, each with its cells from stopped to can wait."""
        return [(rules.IMPACTS[i], [self[f"cell_{i}_{u}"] for u in rules.SCALE]) for i in rules.SCALE]

    @property
    def heads(self) -> list[object]:
        """Urgencies, as the cells stand."""
        return [rules.URGENCIES[urgency] for urgency in rules.SCALE]

    def cells(self) -> dict[tuple[int, int], int]:
        """What was chosen."""
        return {(i, u): self.cleaned_data[f"cell_{i}_{u}"] for i in rules.SCALE for u in rules.SCALE}

    def cells_seen(self) -> dict[tuple[int, int], int]:
        """What the form showed when it was loaded."""
        digits = iter(self.cleaned_data["seen"])
        return {(i, u): int(next(digits)) for i in rules.SCALE for u in rules.SCALE}


class ClosingForm(forms.Form):
    """Closing by itself, and the window for reopening."""

    auto_close_working_days = forms.IntegerField(label=_("Closes by itself after (working days)"))
    reopen_calendar_days = forms.IntegerField(label=_("May be reopened for (days)"))
    calendar = forms.ChoiceField(
        label=_("Working days of"), required=False,
        help_text=_("For incidents whose service has no calendar of its own."),
    )  # fmt: skip
    seen = forms.IntegerField(widget=forms.HiddenInput())

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        codes = Calendar.objects.filter(retired_at=None).order_by("code").values_list("code", flat=True)
        choices = [("", _("Monday to Friday, no holidays")), *((code, code) for code in codes)]
        self.fields["calendar"].choices = choices  # type: ignore[attr-defined]  # a choice field

    def rules(self) -> rules.ClosingRules:
        """What was chosen."""
        values = self.cleaned_data
        return rules.ClosingRules(values["auto_close_working_days"], values["reopen_calendar_days"], values["calendar"])


class CategorySettingsForm(forms.Form):
    """A category: names in three languages, parent, team, usual size of the work."""

    code = forms.SlugField(label=_("Code"), max_length=60)
    name_en = forms.CharField(label=_("Name in English"), max_length=80, required=False)
    name_sv = forms.CharField(label=_("Name in Swedish"), max_length=80, required=False)
    name_zh = forms.CharField(label=_("Name in Chinese"), max_length=80, required=False)
    parent = category_field()
    team = TeamChoice(Team.objects.filter(retired_at=None).order_by("code"), required=False, label=_("Team"))
    estimate_minutes = forms.IntegerField(label=_("Usual work (minutes)"), required=False)
    is_retired = forms.BooleanField(label=_("Retired: not offered any more"), required=False)

    def __init__(self, *args: Any, category: Category | None, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.fields["parent"].label = _("Below")
        if category is not None:
            del self.fields["code"]  # it stays: saved filters name it
            own = {name: category.name.get(language, "") for name, language in LANGUAGES.items()}
            self.initial = {**own, "parent": category.parent_id, "team": category.team_id,
                            "estimate_minutes": category.estimate_minutes,
                            "is_retired": category.retired_at is not None}  # fmt: skip

    def values(self) -> CategoryValues:
        """What was chosen."""
        chosen = self.cleaned_data
        names = {language: chosen[name].strip() for name, language in LANGUAGES.items() if chosen[name].strip()}
        return CategoryValues(
            name=names, parent=chosen["parent"], team=chosen["team"], estimate_minutes=chosen["estimate_minutes"],
            is_retired=chosen["is_retired"],
        )  # fmt: skip
