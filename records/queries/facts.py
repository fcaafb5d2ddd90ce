"""The facts of a record as text for its side panel: what it is, and where it may be changed."""

from collections.abc import Iterable
from dataclasses import dataclass

from django.urls import reverse

from kernel.actor import Actor
from kernel.templatetags.spindel import localname
from records import policies
from records.models import Record
from records.queries.words import LABELS

EDITABLE: dict[str, tuple[str, ...]] = {}
"""Kind of record → its facts that may be changed one by one, in the order of the panel."""
ANY_KIND = ("title", "description", "requester", "service", "component", "category", "owner_team", "contact_owner")


def editable(kind: str) -> tuple[str, ...]:
    """The facts of that kind of record that may be changed one by one."""
    return EDITABLE.get(kind, ANY_KIND)


def register_editable(kind: str, names: Iterable[str]) -> None:
    """A process says which facts of its records are changed here; the others it changes by verbs of its own."""
    EDITABLE[kind] = tuple(names)


@dataclass(frozen=True, slots=True)
class Fact:
    """One line of the facts panel (templates/_components/fact.html); no `edit_url`: this reader may not change it."""

    name: str
    label: str
    value: str
    edit_url: str = ""


def facts(actor: Actor, record: Record) -> list[Fact]:
    """The record's facts in order, without its description, which opens the time line."""
    can_edit = policies.can_edit(actor, record)
    return [fact(record, name, can_edit=can_edit) for name in ANY_KIND if name != "description"]


def fact(record: Record, name: str, *, can_edit: bool) -> Fact:
    """One fact."""
    can_edit = can_edit and name in editable(record.kind)
    url = reverse("records:field", args=[record.number, name]) if can_edit else ""
    return Fact(name, str(LABELS[name]), value_text(record, name), url)


def value_text(record: Record, name: str) -> str:
    """The value in the reader's language."""
    value = getattr(record, name)
    if name == "service" and value is not None:
        return str(value.component.name)
    named = getattr(value, "name", None)
    return localname(named) if isinstance(named, dict) else str(value or "")
