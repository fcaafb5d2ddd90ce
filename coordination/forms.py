"""Input to work commands as cleaned values; nothing is saved here."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.translation import gettext as translate
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from coordination.models import WorkItem
from coordination.queries.limits import Limits
from coordination.ranking import Rules
from coordination.workflow import PARKED, RELEASE_REASONS, SIZES, SKIP_REASONS, WAITING_REASONS
from kernel.localnames import local_name
from workforce.queries import Held


def _choices(reasons: Mapping[str, str]) -> list[tuple[str, str]]:
    return [("", ""), *((code, translate(label)) for code, label in reasons.items() if code != PARKED)]


def release_reasons() -> list[tuple[str, str]]:
    """Codes and words of why work goes back, an empty one first."""
    return _choices(RELEASE_REASONS)


def wait_reasons() -> list[tuple[str, str]]:
    """Codes and words of what work waits for, an empty one first."""
    return _choices(WAITING_REASONS)


class ReleaseForm(forms.Form):
    """Why work goes back to the queue."""

    reason = forms.ChoiceField(label=_("Why"), choices=lambda: _choices(RELEASE_REASONS), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SkipForm(forms.Form):
    """Why somebody passes work over."""

    reason = forms.ChoiceField(label=_("Why not"), choices=lambda: _choices(SKIP_REASONS))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class WaitForm(forms.Form):
    """What work waits for, perhaps until when."""

    reason = forms.ChoiceField(label=_("What it waits for"), choices=lambda: _choices(WAITING_REASONS))
    until = forms.DateTimeField(
        label=_("Until"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )


class BoostForm(forms.Form):
    """Points up or down, why, for how long."""

    points = forms.IntegerField(label=_("Points"), min_value=-100, max_value=100, help_text=_("From −100 to 100."))
    reason = forms.CharField(label=_("Reason"), max_length=200, help_text=_("Everybody who sees the queue reads it."))
    hours = forms.TypedChoiceField(
        label=_("For how long"), coerce=int, initial=24,
        choices=[(4, _("4 hours")), (24, _("1 day")), (72, _("3 days")), (168, _("1 week")), (336, _("2 weeks"))],
    )  # fmt: skip

    def until(self, at: datetime) -> datetime:
        """When the boost ends."""
        end: datetime = at + timedelta(hours=self.cleaned_data["hours"])
        return end


PAIRS = 3
"""How many competences one piece of work can be routed by in the browser."""


class TeamField(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic when it runs
    """A team under its name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """The name, or the code where there is none."""
        return local_name(obj.name) or str(obj.code)


class ViewForm(forms.Form):
    """The name of a saved view, and the team that may use it as well."""

    name = forms.CharField(label=_("Name of the view"), max_length=60)

    def __init__(self, data: Mapping[str, Any] | None, *, teams: Iterable[int]) -> None:
        super().__init__(data)
        own = Team.objects.filter(pk__in=list(teams), retired_at=None).order_by("code")
        self.fields["team"] = TeamField(
            label=_("Share with"), queryset=own, required=False, empty_label=_("Only for me")
        )


class RouteForm(forms.Form):
    """The one control that routes: competences with level, size, site, earliest; a team only where it must be one."""

    size = forms.ChoiceField(label=_("Size"), required=False)
    site = forms.CharField(label=_("Site"), max_length=60, required=False, help_text=_("Empty: from anywhere."))
    earliest = forms.DateTimeField(
        label=_("Not before"), required=False, widget=forms.DateTimeInput(attrs={"type": "datetime-local"})
    )
    team = TeamField(
        label=_("Team"), required=False, queryset=Team.objects.filter(retired_at=None).order_by("code"),
        empty_label=_("Whoever is able"),
    )  # fmt: skip

    def __init__(self, data: Mapping[str, Any] | None, *, competences: Iterable[Held], work_item: WorkItem) -> None:
        present = {"team": work_item.team_id, "site": work_item.site, "earliest": work_item.earliest_at}
        super().__init__(data, initial=present)
        sizes = {"S": _("S, one hour"), "M": _("M, half a day"), "L": _("L, two days")}
        self.fields["size"] = forms.ChoiceField(
            label=_("Size"), required=False, choices=[("", _("As it is")), *sizes.items()]
        )
        names = [("", _("nothing more")), *((str(each.id), local_name(each.name) or each.code) for each in competences)]
        for place in range(PAIRS):
            need = work_item.needs[place] if place < len(work_item.needs) else 0
            self.fields[f"competence_{place}"] = forms.ChoiceField(
                label=_("Needs"), choices=names, required=False, initial=str(need // 10) if need else ""
            )
            self.fields[f"level_{place}"] = forms.TypedChoiceField(
                label=_("Level"), choices=[(str(level), str(level)) for level in (1, 2, 3)], required=False,
                initial=str(need % 10 or 1), coerce=int, empty_value=None,
            )  # fmt: skip

    def values(self) -> dict[str, Any]:
        """What `work.route` takes."""
        data = self.cleaned_data
        pairs = ((data.get(f"competence_{place}"), data.get(f"level_{place}")) for place in range(PAIRS))
        return {
            "needs": sorted({int(competence) * 10 + int(level or 1) for competence, level in pairs if competence}),
            "team": data["team"], "is_team_set": True, "site": data["site"], "earliest_at": data["earliest"],
            "is_earliest_set": True, "estimate_minutes": SIZES.get(data["size"]),
        }  # fmt: skip


class Numbers(forms.CharField):
    """Whole numbers with commas between them, as a tuple."""

    def to_python(self, value: Any) -> Any:
        """A tuple of numbers, or a sentence about what is not one."""
        if isinstance(value, tuple):
            return value
        try:
            return tuple(int(each) for each in (super().to_python(value) or "").replace(" ", "").split(",") if each)
        except ValueError as fault:
            raise forms.ValidationError(_("Write whole numbers with commas between them.")) from fault

    def prepare_value(self, value: Any) -> Any:
        """The numbers as they are typed."""
        return ", ".join(str(each) for each in value) if isinstance(value, (tuple, list)) else value


class RulesForm(forms.Form):
    """The points of every part of the rank."""

    risk_caps = Numbers(label=_("Broken promise, P1 to P4"))
    risk_shares = Numbers(label=_("Share of it at 25, 50, 75, 90 and 100 percent used"))
    priority_points = Numbers(label=_("Priority, P1 to P4"))
    harm_service = forms.IntegerField(label=_("A service stands still"), min_value=0, max_value=1000)
    harm_more_services = forms.IntegerField(label=_("Each further service"), min_value=0, max_value=1000)
    harm_prioritised = forms.IntegerField(label=_("Each prioritised delivery"), min_value=0, max_value=1000)
    harm_per_hundred_people = forms.IntegerField(label=_("Each hundred people"), min_value=0, max_value=1000)
    harm_cap = forms.IntegerField(label=_("Harm, at most"), min_value=0, max_value=1000)
    waiting_hours = Numbers(label=_("Waiting grows after so many hours"))
    waiting_step = forms.IntegerField(label=_("Points of each step of waiting"), min_value=0, max_value=100)
    major = forms.IntegerField(label=_("Major incident"), min_value=0, max_value=1000)
    vip = forms.IntegerField(label=_("Caller with precedence"), min_value=0, max_value=1000)
    boost_cap = forms.IntegerField(label=_("Boosts, at most"), min_value=0, max_value=100)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def rules(self) -> Rules:
        """The rules as entered."""
        return Rules(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})


class LimitsForm(forms.Form):
    """What one person may be given."""

    work_in_progress = forms.IntegerField(label=_("Places in progress for one person"), min_value=1, max_value=50)
    free_release_seconds = forms.IntegerField(
        label=_("Seconds in which picked work goes back without a reason"), min_value=0, max_value=3600
    )
    skip_hours = forms.IntegerField(label=_("Hours for which skipped work is left out"), min_value=1, max_value=24 * 14)
    seen = forms.IntegerField(widget=forms.HiddenInput)

    def limits(self) -> Limits:
        """The limits as entered."""
        return Limits(**{name: value for name, value in self.cleaned_data.items() if name != "seen"})
