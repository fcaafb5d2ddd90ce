"""Input to work commands as cleaned values; nothing is saved here."""

from collections.abc import Iterable, Mapping
from datetime import datetime, timedelta
from typing import Any

from django import forms
from django.utils.text import slugify
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from coordination.models import WorkItem
from coordination.queries.limits import Limits
from coordination.queries.reasons import COMES_WITH, RELEASE, SKIP, WAIT, Reasons, offered
from coordination.ranking import Rules
from coordination.workflow import SIZES
from kernel.localnames import local_name
from workforce.queries import Held


def _choices(kind: str) -> list[tuple[str, str]]:
    return [("", ""), *offered(kind).items()]


def release_reasons() -> list[tuple[str, str]]:
    """Codes and words of why work goes back, an empty one first."""
    return _choices(RELEASE)


def wait_reasons() -> list[tuple[str, str]]:
    """Codes and words of what work waits for, an empty one first."""
    return _choices(WAIT)


class ReleaseForm(forms.Form):
    """Why work goes back to the queue."""

    reason = forms.ChoiceField(label=_("Why"), choices=lambda: _choices(RELEASE), required=False)
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class SkipForm(forms.Form):
    """Why somebody passes work over."""

    reason = forms.ChoiceField(label=_("Why not"), choices=lambda: _choices(SKIP))
    note = forms.CharField(label=_("Note"), max_length=200, required=False)


class WaitForm(forms.Form):
    """What work waits for, perhaps until when."""

    reason = forms.ChoiceField(label=_("What it waits for"), choices=lambda: _choices(WAIT))
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


class ReasonForm(forms.Form):
    """A reason in three languages; the code is made from the English name once and stays."""

    code = forms.SlugField(max_length=20, required=False, widget=forms.HiddenInput)
    as_it_comes = ""
    en = forms.CharField(label=_("English"), max_length=80, required=False)
    sv = forms.CharField(label=_("Swedish"), max_length=80, required=False)
    zh = forms.CharField(label=_("Chinese"), max_length=80, required=False)
    is_retired = forms.BooleanField(label=_("Retired"), required=False)

    def __init__(self, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        label = COMES_WITH.get((self.prefix or "").partition("-")[0], {}).get(self.initial.get("code", ""), "")
        self.as_it_comes = str(_(label)) if label else ""
        shown = self.initial.get("en") or self.as_it_comes or _("New reason")
        languages = {"en": "en", "sv": "sv", "zh": "zh-Hans", "is_retired": ""}
        for name, language in languages.items():
            said = _("%(language)s: %(reason)s") % {"language": self.fields[name].label, "reason": shown}
            self.fields[name].widget.attrs |= {"aria-label": said, **({"lang": language} if language else {})}

    def clean(self) -> dict[str, Any]:
        """A new reason needs a name in English."""
        cleaned: dict[str, Any] = super().clean() or {}
        if not cleaned.get("code") and not cleaned.get("en") and (cleaned.get("sv") or cleaned.get("zh")):
            self.add_error("en", _("Give it a name in English as well."))
        return cleaned

    def row(self) -> dict[str, Any] | None:
        """As the settings keep it; None for a line left empty."""
        data = self.cleaned_data
        code = data.get("code") or slugify(data.get("en", ""))[:20].strip("-")
        if not code:
            return None
        names = {"en": data["en"], "sv": data["sv"], "zh-hans": data["zh"]}
        return {"code": code, "name": {lang: name.strip() for lang, name in names.items() if name.strip()},
                "is_retired": data["is_retired"]}  # fmt: skip


ReasonLines = forms.formset_factory(ReasonForm, extra=2, max_num=40, absolute_max=60)


class ReasonsForm:
    """The three lists on one page, each a formset with two empty lines."""

    def __init__(self, data: Any, *, present: Reasons) -> None:
        self.lists = {
            kind: ReasonLines(data, prefix=kind, initial=_lines(getattr(present, kind))) for kind in COMES_WITH
        }

    def described(self) -> list[tuple[str, Any]]:
        """Each list with its heading."""
        heads = {RELEASE: _("Why work is handed back"), WAIT: _("What work waits for"),
                 SKIP: _("Why work is passed over")}  # fmt: skip
        return [(str(heads[kind]), lines) for kind, lines in self.lists.items()]

    def is_valid(self) -> bool:
        """Whether every line can be read."""
        faulty = [each for each in self.lists.values() if not each.is_valid()]
        return not faulty

    def reasons(self) -> Reasons:
        """The lists as entered."""
        return Reasons(
            **{kind: tuple(filter(None, (form.row() for form in lines))) for kind, lines in self.lists.items()}
        )


def _lines(rows: Iterable[Mapping[str, Any]]) -> list[dict[str, Any]]:
    return [{"code": row["code"], "en": row["name"].get("en", ""), "sv": row["name"].get("sv", ""),
             "zh": row["name"].get("zh-hans", ""), "is_retired": row["is_retired"]} for row in rows]  # fmt: skip
