"""Input of the pages about promises; never saves."""

from typing import Any

from django import forms
from django.db.models import Model
from django.utils.text import format_lazy
from django.utils.translation import gettext_lazy as _
from django.utils.translation import pgettext_lazy

from accounts.models import Team
from accounts.roles import ROLES
from kernel.templatetags.spindel import localname
from registry.models import Service
from sla.commands import StepContent, TargetContent
from sla.ledger import Step
from sla.models import EscalationStep, Party, Target
from sla.queries.clocks import METRIC_NAMES, REASONS
from sla.queries.parties import PARTY_NAMES
from sla.queries.rules import TargetRule
from sla.queries.settings import ACTIONS, BOOST_HOURS, BOOST_POINTS, PEOPLE, customers
from workforce.models import Calendar

KIND = "incident"
"""The only kind of record with promises so far."""

PRIORITIES = [("", _("Any")), *((str(number), str(number)) for number in range(1, 5))]
METRICS = [(code, METRIC_NAMES[code]) for code in ("response", "resolution")]


class NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # generic in the stubs, not when it runs
    """A choice between rows with names in several languages, or with a code."""

    def label_from_instance(self, obj: Model) -> str:
        """The row's name in the reader's language."""
        return localname(getattr(obj, "name", None)) or str(obj)


class TargetForm(forms.Form):
    """A promise."""

    party = forms.ChoiceField(label=_("Who promises"), choices=list(PARTY_NAMES.items()), required=False)
    team = NamedChoice(
        Team.objects.filter(retired_at=None), label=_("Which team"), required=False, empty_label=_("Each")
    )  # fmt: skip
    supplier = forms.CharField(
        label=_("Which supplier"), required=False, max_length=120, help_text=_("As incidents name it. Empty: each.")
    )  # fmt: skip
    metric = forms.ChoiceField(
        label=_("What is promised"), choices=METRICS,
        help_text=_("Of teams and suppliers the whole turn is measured, as a resolution."),
    )  # fmt: skip
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=PRIORITIES, required=False, coerce=int, empty_value=None
    )
    service = forms.ModelChoiceField(
        Service.objects.filter(retired_at=None), label=_("Service"), required=False, empty_label=_("Any")
    )
    customer = forms.ChoiceField(
        label=_("Customer"), required=False, choices=lambda: [("", _("Any")), *((each, each) for each in customers())],
        help_text=_("The unit that the requester belongs to."),
    )  # fmt: skip
    hours = forms.IntegerField(label=pgettext_lazy("length of time", "Hours"), min_value=0, max_value=5000, initial=0)
    minutes = forms.IntegerField(label=_("Minutes"), min_value=0, max_value=59, initial=0)
    calendar = NamedChoice(Calendar.objects.filter(retired_at=None), label=_("Counted in"))

    def clean(self) -> dict[str, Any]:
        """A promise has a length."""
        data = super().clean() or {}
        if not data.get("hours") and not data.get("minutes"):
            self.add_error("hours", _("Give at least one minute."))
        return data

    @staticmethod
    def initial_of(row: Target) -> dict[str, Any]:
        """The form's values for a promise."""
        hours, minutes = divmod(row.minutes, 60)
        return {"party": row.party, "team": row.team, "supplier": row.supplier, "metric": row.metric,
                "priority": row.priority, "service": row.service, "customer": row.customer, "hours": hours,
                "minutes": minutes, "calendar": row.calendar}  # fmt: skip

    def content(self) -> TargetContent:
        """What the command takes."""
        data = self.cleaned_data
        return TargetContent(
            kind=KIND, metric=data["metric"], minutes=data["hours"] * 60 + data["minutes"],
            calendar_id=data["calendar"].pk, priority=data["priority"],
            service_id=data["service"].pk if data["service"] else None, customer=data["customer"],
            party=data["party"] or Party.CUSTOMER, team_id=data["team"].pk if data["team"] else None,
            supplier=data["supplier"],
        )  # fmt: skip

    def rule(self, pk: int) -> TargetRule:
        """The promise as it would be matched, for a preview."""
        new = self.content()
        return TargetRule(pk, KIND, new.metric, new.priority, new.service_id, new.minutes, new.calendar_id,
                          new.customer, new.party, new.team_id, new.supplier)  # fmt: skip


CONFIG = ("person", "role", "points", "hours")
USED_BY = {"notify_person": ("person",), "notify_role": ("role",), "boost": ("points", "hours")}
"""What an action keeps of the form; the team has its own column."""


class StepForm(forms.Form):
    """An escalation step."""

    party = forms.ChoiceField(label=_("Whose promise"), choices=list(PARTY_NAMES.items()), required=False)
    metric = forms.ChoiceField(label=_("Of which promise"), choices=METRICS)
    priority = forms.TypedChoiceField(
        label=_("Priority"), choices=PRIORITIES, required=False, coerce=int, empty_value=None
    )
    percent = forms.IntegerField(
        label=_("When so many percent of the time are used"), required=False, min_value=1, max_value=500
    )
    offset_minutes = forms.IntegerField(
        label=_("Or minutes from the due time"), required=False, min_value=-100_000, max_value=100_000,
        help_text=_("A minus sign means before. Give a percentage or minutes, not both."),
    )  # fmt: skip
    action = forms.ChoiceField(label=_("What happens"), choices=list(ACTIONS.items()))
    person = forms.ChoiceField(label=_("Which person"), choices=[("", "–"), *PEOPLE.items()], required=False)
    role = forms.ChoiceField(
        label=_("Which role"), choices=[("", "–"), *((role.code, _(role.label)) for role in ROLES.values())],
        required=False,
    )  # fmt: skip
    team = NamedChoice(Team.objects.filter(retired_at=None), label=_("Which team"), required=False)
    points = forms.IntegerField(
        label=_("Lift by points"), required=False, min_value=1, max_value=100,
        help_text=format_lazy(_("For lifting work in the queue; {points} when empty."), points=BOOST_POINTS),
    )  # fmt: skip
    hours = forms.IntegerField(
        label=_("Lift for hours"), required=False, min_value=1, max_value=720,
        help_text=format_lazy(_("{hours} when empty."), hours=BOOST_HOURS),
    )  # fmt: skip
    repeat_minutes = forms.IntegerField(
        label=_("Again after minutes"), required=False, min_value=5, max_value=10_000
    )  # fmt: skip
    repeat_count = forms.IntegerField(label=_("How many times more"), required=False, min_value=0, max_value=20)

    def clean(self) -> dict[str, Any]:
        """One of two times; whom to tell."""
        data = super().clean() or {}
        if (data.get("percent") is None) == (data.get("offset_minutes") is None):
            self.add_error("percent", _("Give either a percentage of the time or minutes before or after."))
        for action, name in (("notify_person", "person"), ("notify_role", "role"), ("offer_team", "team")):
            if data.get("action") == action and not data.get(name):
                self.add_error(name, _("Say who."))
        return data

    @staticmethod
    def initial_of(row: EscalationStep) -> dict[str, Any]:
        """The form's values for a step."""
        when = ("party", "metric", "priority", "percent", "offset_minutes", "repeat_minutes", "repeat_count")
        names = (*when, "action", "team")
        return {name: getattr(row, name) for name in names} | {name: row.config.get(name, "") for name in CONFIG}

    def content(self, config: dict[str, Any]) -> StepContent:
        """What the command takes; settings in `config` that the form does not show are kept."""
        data = self.cleaned_data
        chosen = {name: data[name] for name in CONFIG if data[name] and name in USED_BY.get(data["action"], ())}
        kept = {name: value for name, value in config.items() if name not in CONFIG}
        return StepContent(
            kind=KIND, metric=data["metric"], action=data["action"], percent=data["percent"],
            offset_minutes=data["offset_minutes"], repeat_minutes=data["repeat_minutes"],
            repeat_count=data["repeat_count"] or 0, priority=data["priority"],
            team_id=data["team"].pk if data["team"] else None, config=kept | chosen,
            party=data["party"] or Party.CUSTOMER,
        )  # fmt: skip

    def asked(self) -> dict[str, str]:
        """Which clocks the step is for."""
        return {"metric": self.cleaned_data["metric"], "party": self.cleaned_data["party"] or Party.CUSTOMER}

    def step(self) -> Step:
        """The step as a clock would keep it, for a preview."""
        new = self.content({})
        return Step(
            id=0, action=new.action, percent=new.percent, offset_minutes=new.offset_minutes, priority=new.priority,
            team=new.team_id, config=new.config,
        )  # fmt: skip


class PauseForm(forms.Form):
    """Whether waiting for a reason stops the time."""

    reason = forms.ChoiceField(label=_("While an incident is"), choices=list(REASONS.items()))
    pauses = forms.TypedChoiceField(
        label=_("the clock"), coerce=lambda value: value == "1", choices=[("1", _("is paused")), ("0", _("goes on"))],
        widget=forms.RadioSelect,
    )  # fmt: skip
