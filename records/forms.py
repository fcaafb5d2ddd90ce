"""What people type on a record page becomes values; nothing here saves."""

from collections.abc import Sequence
from typing import Any

from django import forms
from django.core.files.uploadedfile import UploadedFile
from django.db.models import IntegerField, Model, Q, QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy

from accounts.models import Team, User
from kernel.templatetags.spindel import localname
from records.commands import largest_bytes, no_room, too_large
from records.models import Category, Record
from records.queries.links import LINK_KINDS
from records.queries.words import LABELS
from registry.models import Component, Service


class FilesInput(forms.ClearableFileInput):
    """Several files at once."""

    allow_multiple_selected = True


class FilesField(forms.FileField):
    """A list of uploaded files, each below the limit that the page says before the upload."""

    widget = FilesInput

    def clean(self, data: Any, initial: Any = None) -> "list[UploadedFile[Any]]":
        """All files that were sent."""
        sent = [file for file in (data if isinstance(data, Sequence) else [data]) if file]
        files = [super(FilesField, self).clean(file, initial) for file in sent]
        for file in files:
            if file.size > largest_bytes():
                raise forms.ValidationError(too_large(file.name).message)
        return files


class CommentForm(forms.Form):
    """An internal note or a reply, with files; who reads it has to be chosen."""

    audience = forms.ChoiceField(
        choices=[("internal", lazy("Internal note")), ("public", lazy("Reply"))],
        error_messages={"required": lazy("Choose who reads this: an internal note or a reply.")},
    )
    text = forms.CharField(required=False, strip=False)
    files = FilesField(required=False)  # type: ignore[assignment]  # a declared field, not BaseForm.files

    def clean(self) -> dict[str, Any]:
        """Words or files."""
        cleaned: dict[str, Any] = super().clean() or {}
        for name in getattr(self, "too_large", ()):
            self.add_error("files", too_large(name).message)
        for name in getattr(self, "no_room", ()):
            self.add_error("files", no_room(name).message)
        if not str(cleaned.get("text", "")).strip() and not cleaned.get("files") and "files" not in self.errors:
            self.add_error("text", _("Write something or choose a file first."))
        return cleaned


class LinkForm(forms.Form):
    """The number of another record, and how this one stands to it."""

    kind = forms.ChoiceField(
        label=lazy("This record"), choices=lambda: [(kind.code, _(kind.verb)) for kind in LINK_KINDS.values()]
    )
    number = forms.CharField(label=lazy("Record"), max_length=20, help_text=lazy("Its number, for example INC-2400"))


class _NamedChoice(forms.ModelChoiceField):  # type: ignore[type-arg]  # not generic at run time
    """Rows whose name is kept in several languages."""

    def label_from_instance(self, obj: Model) -> str:
        """The name in the reader's language."""
        return localname(getattr(obj, "name", str(obj)))


class _Picked(forms.CharField):
    """One row, picked by its id, or typed by what people know it by. Nothing means none."""

    def __init__(self, rows: "QuerySet[Any]", by: Sequence[str], nobody: str, **options: Any) -> None:
        super().__init__(required=False, max_length=200, **options)
        self.rows, self.by, self.nobody = rows, by, nobody

    def clean(self, value: Any) -> Any:
        """The row; an error when none or several fit."""
        text = str(value or "").strip()
        if not text:
            return None
        wanted = Q(pk=int(text)) if text.isdecimal() and len(text) < 10 else Q()
        for name in self.by:
            wanted |= Q(**{f"{name}__iexact": text})
        found = list(self.rows.filter(wanted)[:2])
        if len(found) == 1:
            return found[0]
        raise forms.ValidationError(self.nobody if not found else _("Several fit. Type something more exact."))


PICKED = ("requester", "contact_owner", "component", "service")
"""Facts that are searched for and picked: there are too many to list."""


def field_for(record: Record, name: str) -> forms.Field:
    """The control of a fact of any record; KeyError for a fact that is not edited on its own."""
    label = str(LABELS[name])
    if name == "title":
        return forms.CharField(label=label, max_length=200)
    if name == "description":
        return forms.CharField(
            label=label, required=False, max_length=50_000, strip=False, widget=forms.Textarea({"rows": 6})
        )
    if name == "category":
        return _NamedChoice(Category.objects.filter(kind=record.kind, retired_at=None), label=label, required=False)
    if name == "owner_team":
        return _NamedChoice(Team.objects.filter(retired_at=None).order_by("code"), label=label, required=False)
    return _picked(name, label)


def _picked(name: str, label: str) -> forms.Field:
    if name == "component":
        return _Picked(
            Component.objects.all(), ("tag", "name"), _("No component has this tag or name."), label=label,
            help_text=_("Tag or name"),
        )  # fmt: skip
    if name == "service":
        in_use = Service.objects.filter(retired_at=None).select_related("component")
        return _Picked(
            in_use, ("code", "component__name"), _("No service has this code or name."), label=label,
            help_text=_("Code or name"),
        )  # fmt: skip
    people = {"requester": ("email", "staff_number", "phone", "name"), "contact_owner": ("email", "name")}
    return _Picked(
        User.objects.filter(is_active=True), people[name], _("Nobody is known by this."), label=label,
        help_text=_("Name, e-mail or staff number"),
    )  # fmt: skip


def fact_form(record: Record, name: str, data: Any = None) -> forms.Form:
    """A form of one fact, with the value that it has now."""
    form = forms.Form(data, initial={name: shown_value(record, name)}, auto_id=f"fact_%s_{record.pk}")
    form.fields[name] = field_for(record, name)
    return form


def shown_value(record: Record, name: str) -> Any:
    """What the control of a fact begins with: ids for what is chosen or picked."""
    return getattr(record, f"{name}_id") if name in ("category", "owner_team", *PICKED) else getattr(record, name)


def seen_value(record: Record, name: str, text: str) -> Any:
    """The stored value that a form's hidden field carries: an id, a number or a text, as in the column."""
    column = record._meta.get_field(name)  # noqa: SLF001  # the documented model Meta API
    if not column.is_relation and not isinstance(column, IntegerField):
        return text
    return int(text) if text.isdecimal() and len(text) < 19 else None
