"""An own fact of a record, changed in its place; same-field clashes show both values (UX 3.5)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any, Generic, TypeVar

from django import forms
from django.http import HttpResponse
from django.urls import reverse
from django.utils.translation import gettext as _

from accounts.doors import ActorRequest
from journal.units import door
from kernel.actor import Actor
from kernel.errors import NotFound, Stale
from kernel.pages import go, is_fragment_request, respond, toast
from processes.details import Detail
from processes.process import Process
from processes.rules import require
from records.models import ProcessRecord, Undo
from records.typed import keep, key_of, spend

P = TypeVar("P", bound=ProcessRecord)


@dataclass(frozen=True, kw_only=True)
class OwnFields(Generic[P]):
    """The facts of a process that are changed in place: what they are, who may, and the command `edit`.

    `edit(subject, seen=, values=, actor=, at=)` answers an `Undo` or None.
    """

    process: Process[P]
    details: Mapping[str, Detail]
    rule: Callable[[Actor, P], bool]
    edit: Callable[..., Undo | None]

    def text(self, subject: P, name: str) -> str:
        """The value as the form shows it."""
        return self.details[name].as_text(getattr(subject, name))

    def field_url(self, subject: P, name: str) -> str:
        """Where it is changed."""
        return self.process.url("field", subject.record.number, name)


class DetailForm(forms.Form):
    """The one field that is asked for."""

    def __init__(self, name: str, detail: Detail, *args: Any, **kwargs: Any) -> None:
        super().__init__(*args, **kwargs)
        self.name, self.detail = name, detail
        widget = forms.Textarea(attrs={"rows": detail.rows}) if detail.rows > 1 else forms.TextInput()
        self.fields[name] = forms.CharField(
            label=detail.label, required=False, max_length=detail.longest, widget=widget, strip=True
        )

    @property
    def value(self) -> Any:
        """What was typed, as the column keeps it."""
        return self.detail.kept(self.cleaned_data[self.name])

    @property
    def seen(self) -> Any:
        """What the writer saw, as the column keeps it."""
        return self.detail.kept(self.data.get("saw", ""))


def field(request: ActorRequest, fields: OwnFields[P], number: str, name: str) -> HttpResponse:
    """The form of one own fact; its new value; with ?read the fact as text."""
    subject = fields.process.by_number(request.actor, number)
    if name not in fields.details:
        raise NotFound(_("No record %(number)s.") % {"number": number})
    require(fields.rule, request.actor, subject)
    if request.method == "POST":
        return _change(request, fields, subject, name)
    if "read" in request.GET and is_fragment_request(request):
        return _as_text(request, fields, subject, name)
    form = DetailForm(name, fields.details[name], initial={name: fields.text(subject, name)})
    return _as_form(request, fields, subject, form)


def _change(request: ActorRequest, fields: OwnFields[P], subject: P, name: str) -> HttpResponse:
    form = DetailForm(name, fields.details[name], request.POST)
    if not form.is_valid():
        return _as_form(request, fields, subject, form, status=422)
    try:
        with door(request.actor) as at:
            undo = fields.edit(subject, seen={name: form.seen}, values={name: form.value}, actor=request.actor, at=at)
    except Stale as refused:
        return _merge(request, fields, subject, name, refused)
    number = subject.record.number
    spend(request, subject.record, name)
    back = reverse("records:undo", args=[number, undo.pk]) if undo else ""
    toast(request, _("Saved."), undo=back, draft=key_of(subject.record, name))
    if not is_fragment_request(request):
        return go(request, fields.process.page_url(subject))
    return _as_text(request, fields, subject, name)


def _as_text(request: ActorRequest, fields: OwnFields[P], subject: P, name: str) -> HttpResponse:
    known = {"label": str(fields.details[name].label), "name": name, "value": fields.text(subject, name),
             "edit_url": fields.field_url(subject, name), "owner": subject.record.pk}  # fmt: skip
    return respond(request, "_components/fact.html", "_components/fact.html", known)


def _frame(request: ActorRequest, fields: OwnFields[P], subject: P, name: str) -> dict[str, Any]:
    url = fields.field_url(subject, name)
    back = f"{url}?read=1" if is_fragment_request(request) else fields.process.page_url(subject)
    return {"label": str(fields.details[name].label), "name": name, "action": url, "cancel_url": back,
            "take_url": back, "area": fields.process.area, "record": subject.record,
            "draft": key_of(subject.record, name)}  # fmt: skip


def _as_form(
    request: ActorRequest, fields: OwnFields[P], subject: P, form: DetailForm, *, status: int = 200
) -> HttpResponse:
    saw = request.POST.get("saw", "") if request.method == "POST" else fields.text(subject, form.name)
    saw = keep(request, subject.record, form, form.name, saw=saw)
    known = _frame(request, fields, subject, form.name) | {"field": form[form.name], "saw": saw, "form": form}
    return respond(request, "records/field.html", "_components/fact_edit.html", known, status=status)


def _merge(request: ActorRequest, fields: OwnFields[P], subject: P, name: str, refused: Stale) -> HttpResponse:
    """Now theirs, yours, keep mine, take theirs."""
    now = fields.text(fields.process.by_number(request.actor, subject.record.number), name)
    known = _frame(request, fields, subject, name) | {
        "theirs": now, "theirs_value": now, "theirs_by": refused.facts["by"], "theirs_at": refused.facts["at"],
        "yours": request.POST.get(name, ""),
    }  # fmt: skip
    return respond(request, "records/stale.html", "_components/merge.html", known, status=409)
