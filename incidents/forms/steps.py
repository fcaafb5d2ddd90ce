"""The small inline form of each step of an incident: what it needs, and nothing else."""

from typing import Any

from django import forms
from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from accounts.models import Team, User
from incidents.forms.call import impact_choices, urgency_choices
from incidents.models import Cause, Incident
from incidents.process import INCIDENTS
from incidents.queries import rules
from incidents.workflow import PENDING_REASONS
from kernel.errors import NotFound
from kernel.templatetags.spindel import localname
from processes.steps import StepForm, offer_people, text_field, workers
from records.queries import choices


class HoldForm(StepForm[Incident]):
    """What it waits for."""

    reason = forms.ChoiceField(
        label=_("Waiting for"), widget=forms.RadioSelect,
        choices=lambda: [(code, gettext(label)) for code, label in PENDING_REASONS.items()],
        error_messages={"required": _("Choose what it waits for.")},
    )  # fmt: skip
    until = forms.DateTimeField(
        label=_("Back in the queue at"), required=False,
        widget=forms.DateTimeInput(attrs={"type": "datetime-local"}, format="%Y-%m-%dT%H:%M"),
    )  # fmt: skip


class ResolveForm(StepForm[Incident]):
    """Cause, what fixed it, whether callers are told (UX 3.5)."""

    cause = forms.ChoiceField(
        label=_("Cause"), choices=[("", _("Choose")), *Cause.choices],
        error_messages={"required": _("Choose the cause.")},
    )  # fmt: skip
    resolution = text_field(
        _("What fixed it"), rows=3, help_text=_("Callers can read this."),
        error_messages={"required": _("Say what fixed it.")},
    )  # fmt: skip
    tell_callers = forms.BooleanField(label=_("Tell the callers"), required=False, initial=True)

    def prepare(self) -> None:
        """What was found the last time, after a reopening."""
        self.initial.setdefault("cause", self.subject.cause)
        self.initial.setdefault("resolution", self.subject.resolution)


class TargetForm(StepForm[Incident]):
    """The number of another incident."""

    number = forms.CharField(
        label=_("Number of the other incident"), max_length=20,
        error_messages={"required": _("Give the number of another incident.")},
    )  # fmt: skip

    def clean_number(self) -> Incident:
        """The incident with that number; digits alone will do."""
        typed = self.cleaned_data["number"].strip().upper()
        number = f"INC-{typed}" if typed.isdecimal() else typed
        try:
            return INCIDENTS.by_number(self.actor, number)
        except NotFound:
            raise forms.ValidationError(gettext("There is no incident %(number)s.") % {"number": number}) from None


class ParentForm(TargetForm):
    """The main incident; empty takes it out again."""

    number = forms.CharField(label=_("Number of the main incident"), max_length=20, required=False,
                             help_text=_("Leave it empty to take the incident out."))  # fmt: skip

    def prepare(self) -> None:
        """The main incident that it has."""
        parent = self.subject.record.parent
        self.initial.setdefault("number", parent.number if parent else "")

    def clean_number(self) -> Incident | None:  # type: ignore[override]  # none takes it out
        """None, or the incident."""
        return super().clean_number() if self.cleaned_data["number"].strip() else None


class TeamChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Teams by their name in the reader's language."""

    def label_from_instance(self, obj: Any) -> str:
        """The name."""
        return localname(obj.name) or str(obj.code)


class EscalateForm(StepForm[Incident]):
    """To another team, or to a supplier, with the reason (DOMAIN I2)."""

    team = TeamChoice(Team.objects.filter(retired_at=None).order_by("code"), required=False, label=_("Team"))
    supplier = forms.CharField(label=_("Supplier"), required=False, max_length=120)
    supplier_reference = forms.CharField(label=_("Their reference"), required=False, max_length=80)
    reason = text_field(_("Why"), error_messages={"required": _("Say why it is escalated.")})

    def prepare(self) -> None:
        """The supplier that is on it."""
        self.initial.setdefault("supplier", self.subject.supplier)
        self.initial.setdefault("supplier_reference", self.subject.supplier_reference)


class PriorityForm(StepForm[Incident]):
    """Impact and urgency; another priority than they give needs a reason (DOMAIN I3)."""

    impact = forms.TypedChoiceField(label=_("Impact"), choices=impact_choices, coerce=int, widget=forms.RadioSelect)
    urgency = forms.TypedChoiceField(label=_("Urgency"), choices=urgency_choices, coerce=int, widget=forms.RadioSelect)
    priority = forms.TypedChoiceField(
        label=_("Priority"), required=False, coerce=int, empty_value=None,
        choices=[("", _("as impact and urgency say")), *((n, f"P{n}") for n in rules.SCALE)],
    )  # fmt: skip
    reason = forms.CharField(label=_("Why another priority"), required=False, max_length=200)

    def prepare(self) -> None:
        """As it is assessed now."""
        overridden = self.subject.is_priority_overridden
        now = {"impact": self.subject.impact, "urgency": self.subject.urgency,
               "priority": self.subject.record.priority if overridden else "",
               "reason": self.subject.priority_reason}  # fmt: skip
        self.initial = {**now, **self.initial}


class CallerForm(StepForm[Incident]):
    """One more person with the same fault; somebody unknown under the name typed."""

    caller = forms.CharField(
        label=_("Caller"), max_length=120,
        help_text=_("Name, phone, e-mail, staff number or asset tag; somebody unknown: just type the name"),
        error_messages={"required": _("Say who calls: a name is enough.")},
    )  # fmt: skip
    person = forms.ModelChoiceField(
        User.objects.filter(is_active=True, merged_into=None), required=False, label=_("Which one"),
        widget=forms.RadioSelect, empty_label=None,
    )  # fmt: skip

    def prepare(self) -> None:
        """The people who fit, to choose from when there are several."""
        found = choices.find_people(str(self["caller"].value() or ""))
        field = self.fields["person"]
        field.choices = [(option.value, f"{option.label} {option.detail}") for option in  # type: ignore[attr-defined]  # a choice field
                         choices.person_options(found.people)]  # fmt: skip
        self.found = found
        if len(found.people) < 2:
            field.widget = forms.HiddenInput()

    def clean(self) -> dict[str, Any]:
        """The person chosen, the only one meant, or nobody known."""
        values = super().clean() or {}
        if values.get("person") is None and len(self.found.people) > 1:
            self.add_error("person", gettext("Several people fit. Choose one of them, or type more of the name."))
        values["person"] = values.get("person") or self.found.only
        return values


class MajorForm(StepForm[Incident]):
    """Leader, cadence, influence, banner (DOMAIN I4)."""

    leader = forms.ModelChoiceField(User.objects.none(), label=_("Leader"))
    update_every_minutes = forms.IntegerField(label=_("Update callers every (minutes)"), initial=60)
    within_influence = forms.NullBooleanField(
        label=_("Within our influence"), required=False,
        widget=forms.Select(choices=[("", _("Not known yet")), ("true", _("Yes")), ("false", _("No"))]),
    )  # fmt: skip
    banner = forms.CharField(label=_("Banner on every page"), required=False, max_length=300)

    def prepare(self) -> None:
        """As it was declared, or led by whoever declares it."""
        offer_people(self.fields["leader"], workers())
        now: dict[str, Any] = {"leader": self.subject.major_leader_id or self.actor.id}
        if self.subject.is_major:
            now |= {"update_every_minutes": self.subject.update_every_minutes, "banner": self.subject.banner,
                    "within_influence": self.subject.within_influence}  # fmt: skip
        self.initial = {**now, **self.initial}


class UpdateForm(StepForm[Incident]):
    """How it stands, for the callers."""

    body = text_field(_("Update to the callers"), rows=3, error_messages={"required": _("Write how it stands.")})


class EmergencyForm(StepForm[Incident]):
    """Why it cannot be solved now, and what is done meanwhile: the service's plan, which may be adapted."""

    reason = text_field(_("Why it cannot be solved now"),
                        error_messages={"required": _("Say why it cannot be solved now.")})  # fmt: skip
    plan = text_field(
        _("What is done until it works again"), rows=8,
        error_messages={"required": _("The service has no emergency plan. Write what is done until it works again.")},
    )  # fmt: skip

    def prepare(self) -> None:
        """The plan of the service."""
        service = self.subject.record.service
        self.initial.setdefault("plan", service.emergency_plan if service is not None else "")


class NormalForm(StepForm[Incident]):
    """How things went back to normal."""

    reason = text_field(_("How things went back to normal"),
                        error_messages={"required": _("Say how things went back to normal.")})  # fmt: skip
