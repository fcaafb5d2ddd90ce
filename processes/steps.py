"""Steps: the buttons of a record's page, the small form that each asks for, the one command behind it.

`Step` says who sees a button and when; `Verb` what pressing it does. Both are tables of a process, keyed alike. The
steps of the work itself (take, start, assign, hand back) are the same for every process and come from here.
"""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.db.models import QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Membership, User
from coordination import commands as work
from coordination.models import WorkItem
from coordination.policies import can_assign as may_assign
from coordination.policies import can_pick
from coordination.queries.reasons import RELEASE, offered
from kernel.actor import Actor
from kernel.workflow import gettext_noop
from processes.process import Process
from records.models import ProcessRecord

P = TypeVar("P", bound=ProcessRecord)
Values = dict[str, Any]
LONGEST = 20_000


@dataclass(frozen=True, slots=True)
class Step(Generic[P]):
    """A button. `asks` opens the step's small form, otherwise pressing it is all. `place` is head or more.

    `rule` says who has the step at all, `applies` whether it makes sense at this moment for this reader.
    """

    name: str
    label: str
    icon: str
    rule: Callable[[Actor, P], bool]
    applies: Callable[[P, WorkItem | None, Actor], bool]
    key: str = ""
    asks: bool = True
    place: str = "more"


@dataclass(frozen=True, slots=True)
class Verb(Generic[P]):
    """What a step does: its form, the one command behind it, the sentence when it is done; for the API what it says.

    `run` is called with the process row, the form's values, and actor and at as keywords.
    """

    form: "type[StepForm[P]]"
    run: Callable[..., object]
    done: Any
    says: str
    example: Mapping[str, Any] | None = None


class StepForm(forms.Form, Generic[P]):
    """A step's form knows its subject and who fills it in. Steps that need nothing use it as it is."""

    def __init__(self, *args: Any, subject: P, actor: Actor, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.subject, self.actor = subject, actor
        self.prepare()

    def prepare(self) -> None:
        """Set choices and initial values that depend on the subject."""


def text_field(label: Any, *, rows: int = 2, required: bool = True, **known: Any) -> forms.CharField:
    """A text of several lines."""
    widget = forms.Textarea(attrs={"rows": rows})
    return forms.CharField(label=label, required=required, max_length=LONGEST, widget=widget, **known)


def workers() -> QuerySet[User]:
    """Members of teams, by name, for giving out work and leading."""
    members = Membership.objects.filter(team__retired_at=None).values("user")
    return User.objects.filter(is_active=True, pk__in=members).order_by("name", "pk")


def offer_people(field: forms.Field, people: QuerySet[User]) -> None:
    """These are the people to choose from."""
    field.queryset = people  # type: ignore[attr-defined]  # a model choice field


class ReasonForm(StepForm[P]):
    """Why; the requester reads it."""

    reason = text_field(_("Why"), help_text=_("The requester can read this."),
                        error_messages={"required": _("Say why.")})  # fmt: skip


class AssignForm(StepForm[P]):
    """Who shall do it; a coordinator may override what does not fit, with a reason."""

    person = forms.ModelChoiceField(User.objects.none(), label=_("Give it to"))
    override_reason = forms.CharField(
        label=_("Why although it does not fit"), required=False, max_length=200,
        help_text=_("Needed only past somebody's capacity or competence."),
    )  # fmt: skip

    def prepare(self) -> None:
        """Everybody who works in a team."""
        offer_people(self.fields["person"], workers())


class HandBackForm(StepForm[P]):
    """Why the work goes back to the queue; the reasons are a setting, so the page offers them, the command checks."""

    reason = forms.CharField(
        label=_("Why"), max_length=20, widget=forms.RadioSelect,
        error_messages={"required": _("Choose why the work goes back to the queue.")},
    )  # fmt: skip
    note_text = forms.CharField(label=_("More"), required=False, max_length=200)

    def prepare(self) -> None:
        """The list in force."""
        widget = self.fields["reason"].widget
        if isinstance(widget, forms.RadioSelect):
            widget.choices = list(offered(RELEASE).items())


def anybody(_actor: Actor, _subject: ProcessRecord) -> bool:
    """The step's own command says who may."""
    return True


def _can_take(_subject: ProcessRecord, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id != actor.id and item.state != "waiting" and can_pick(actor, item)


def _can_start(_subject: ProcessRecord, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id == actor.id and item.state == "assigned"


def _can_give(_subject: ProcessRecord, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and may_assign(actor, item)


def _has(_subject: ProcessRecord, item: WorkItem | None, actor: Actor) -> bool:
    return item is not None and item.assignee_id == actor.id


TAKE: Step[Any] = Step("take", gettext_noop("Take it"), "take", anybody, _can_take, key="i", asks=False, place="head")
BEGIN: Step[Any] = Step("begin", gettext_noop("Start"), "take", anybody, _can_start, key="i", asks=False, place="head")
GIVE: Step[Any] = Step("give", gettext_noop("Assign"), "assign", anybody, _can_give, key="a", place="head")
GIVE_BACK: Step[Any] = Step("give_back", gettext_noop("Hand back"), "handback", anybody, _has)


def table(*steps: Step[P]) -> dict[str, Step[P]]:
    """Steps by name, in the order of the page."""
    return {step.name: step for step in steps}


def among(steps: Mapping[str, Step[P]], actor: Actor, subject: P, item: WorkItem | None) -> list[Step[P]]:
    """The steps that this person may take now, in order."""
    return [step for step in steps.values() if step.applies(subject, item, actor) and step.rule(actor, subject)]


def allowed_in(process: Process[P], transition: str) -> Callable[[P, WorkItem | None, Actor], bool]:
    """Applies while the transition may start from the record's state."""
    return lambda subject, _item, _actor: process.workflow.allows(transition, subject.record.state)


def while_open(process: Process[P]) -> Callable[[P, WorkItem | None, Actor], bool]:
    """Applies while there is something left to do."""
    return lambda subject, _item, _actor: subject.record.state in process.open_states


def with_values(command: Callable[..., object]) -> Callable[..., object]:
    """The command with the form's values under their own names."""
    return lambda subject, values, **who: command(subject, **values, **who)


def on_work(process: Process[P], command: Callable[..., object]) -> Callable[..., object]:
    """A command of coordination on the open work item of the process's main task."""
    return lambda subject, values, **who: command(process.required_work_item(subject.record), **values, **who)


def work_verbs(process: Process[P]) -> dict[str, Verb[P]]:
    """Take, start, assign, hand back: the same for every process."""

    def give(subject: P, values: Values, **who: Any) -> object:
        found = process.required_work_item(subject.record)
        return work.assign(found, values["person"], override_reason=values["override_reason"], **who)

    return {
        "take": Verb(StepForm, on_work(process, work.take), _("%(number)s is yours."), "Take the work and begin."),
        "begin": Verb(
            StepForm, on_work(process, work.start), _("%(number)s is in progress."),
            "Begin the work that one was given.",
        ),
        "give": Verb(
            AssignForm, give, _("%(number)s is assigned."), "Give the work to somebody.", {"person": 12}
        ),
        "give_back": Verb(
            HandBackForm, on_work(process, work.hand_back), _("%(number)s is back in the queue."),
            "Put the work back into the queue, with the reason.",
            {"reason": "shift_end", "note_text": "Logs are attached."},
        ),
    }  # fmt: skip
