"""Incidents of another tool come in as new records; their categories are a list like any other."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime
from typing import Any
from uuid import NAMESPACE_URL, UUID, uuid5

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.roles import Permission
from incidents import events
from incidents.commands.opening import IncidentOpening, open_incident
from incidents.models import Incident
from kernel.actor import Actor
from kernel.spreadsheets.columns import LIST_MARKS, Column, Given, folded, moment, one_of, row_of, whole, words
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from records import commands as records
from records.models import Category
from records.queries.record import visible_q
from records.sheets import CategoriesSheet
from registry.models import Component, Service

DONE = frozenset(
    ("resolved", "closed", "cancelled", "canceled", "done", "solved", "löst", "stängd", "avslutad", "avbruten",
     "已解决", "已关闭", "已取消")
)  # fmt: skip
"""How other tools call what is over, in the three languages."""
LONGEST_TAG = 40


class IncidentCategoriesSheet(CategoriesSheet):
    """What incidents are about."""

    kind = "incident"
    code = "categories"
    label = gettext_lazy("Categories of incidents")
    about = gettext_lazy("What incidents are about, and which team gets the work.")
    page = "incidents:categories"


@dataclass(frozen=True, slots=True)
class _Reference:
    """The number in the other tool; number and title of the incident here that has it already, if it may be seen."""

    text: str
    number: str = ""
    title: str = ""


def _reference(text: str, given: Given) -> _Reference:
    said = words(80)(text, given)
    here = given.known["reference"].get(folded(text))
    return _Reference(said, here.record.number, here.record.title) if here else _Reference(said)


def _tags(text: str, given: Given) -> tuple[str, ...]:
    del given
    found = tuple(each for each in LIST_MARKS.split(text) if each)
    if any(len(each) > LONGEST_TAG for each in found):
        raise ValueError(_("a tag has at most %(most)s characters.") % {"most": LONGEST_TAG})
    return found


def _code(row: Any) -> str:
    return row.code if row is not None else ""


def key_of_call(reference: str) -> UUID:
    """The form key of a reference: one reference is one incident, whoever brings it and however often."""
    return uuid5(NAMESPACE_URL, f"spindel:import:{folded(reference)}")


class IncidentsSheet(Sheet):
    """Open incidents of another tool."""

    code = "incidents"
    label = gettext_lazy("Incidents of another tool")
    about = gettext_lazy("Open incidents are brought in as new ones. The list of incidents exports what it shows.")
    note = gettext_lazy(
        "Open incidents come in as new ones with numbers of their own; the old number is kept as a tag and on the time "
        "line, with when it was opened there. Promises begin with the import, and the rules of notifications hold: "
        "retire those for opened records first if requesters shall not hear of it. Closed incidents stay in the "
        "other tool: their clocks, approvals and words cannot be brought in truly, so their rows are left alone."
    )
    edit = Permission.INCIDENT_LOG
    is_exported = False
    most_rows = 1_000
    page = "incidents:list"
    plain_columns = (
        Column(name="reference", about=gettext_lazy("Number in the other tool"), read=_reference, is_key=True,
               is_needed=True, show=lambda found: found.text, aliases=("number", "id"), example="HD-1234"),
        Column(name="title", about=gettext_lazy("What it is about"), read=words(500), is_needed=True),
        Column(name="description", about=gettext_lazy("What was said"), read=words(30_000)),
        Column(name="requester", about=gettext_lazy("E-mail of the person who reported it"),
               show=lambda person: person.email if person else "", empty=None,
               read=row_of("requester", gettext_lazy("person"))),
        Column(name="service", about=gettext_lazy("Code of a service"), show=_code, empty=None,
               read=row_of("service", gettext_lazy("service"))),
        Column(name="component", about=gettext_lazy("Tag of a component"), empty=None,
               show=lambda found: found.tag if found else "", read=row_of("component", gettext_lazy("component"))),
        Column(name="category", about=gettext_lazy("Code of a category"), show=_code, empty=None,
               read=row_of("category", gettext_lazy("category"))),
        Column(name="team", about=gettext_lazy("Code of the team that gets the work"), show=_code, empty=None,
               read=row_of("team", gettext_lazy("team"))),
        Column(name="impact", about=gettext_lazy("1 (everybody) to 4 (one person)"), read=whole(1, 4), empty=4),
        Column(name="urgency", about=gettext_lazy("1 (stopped) to 4 (can wait)"), read=whole(1, 4), empty=3),
        Column(name="priority", about=gettext_lazy("1 to 4, where impact and urgency do not give it"), empty=None,
               read=whole(1, 4)),
        Column(name="nature", about=gettext_lazy("fault, question, order or complaint"), empty=Incident.Nature.FAULT,
               read=one_of(Incident.Nature.values)),
        Column(name="channel", about=gettext_lazy("phone, portal, email, chat, alert or walk_in"),
               read=one_of(Incident.Channel.values), empty=Incident.Channel.PHONE),
        Column(name="tags", about=gettext_lazy("Words, with spaces or commas between"), read=_tags, show=" ".join,
               empty=()),
        Column(name="opened_at", about=gettext_lazy("When it was opened there, such as 2026-03-31 08:00"), read=moment,
               empty=None),
        Column(name="state", about=gettext_lazy("Its state there; resolved, closed and cancelled ones are left alone"),
               read=words(80)),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Whom and what the rows name, and which of the references are here already."""
        services = named_in(Service.objects.filter(retired_at=None), "code", {row.get("service", "") for row in rows})
        parts = named_in(Component.objects.all(), "tag", {row.get("component", "") for row in rows})
        people = named_in(_reachable(), "email", {row.get("requester", "") for row in rows})
        return {
            "reference": _here({folded(row.get("reference", "")) for row in rows}, actor),
            "requester": {folded(each.email or ""): each for each in people},
            "service": {folded(each.code): each for each in services},
            "component": {folded(each.tag): each for each in parts},
            "category": {folded(each.code): each for each in _categories()},
            "team": {folded(each.code): each for each in Team.objects.filter(retired_at=None)},
        }

    def all(self, actor: Actor) -> Iterable[Any]:
        """The list of incidents has an export of its own."""
        del actor
        return ()

    def find(self, keys: Sequence[Key]) -> Iterable[tuple[str, Incident]]:
        """What was brought in before under these references."""
        by_key = {key_of_call(key[0]): key[0] for key in keys}
        found = Incident.objects.filter(call_key__in=by_key)
        return [(by_key[each.call_key], each) for each in found if each.call_key]

    def values(self, found: tuple[str, Incident]) -> Mapping[str, Any]:
        """Nothing of it is compared: what came in before is left alone."""
        empty = {column.name: column.empty for column in self.plain_columns}
        return empty | {"reference": _Reference(found[0])}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """A reference that is the number of another incident here."""
        here = row.values.get("reference")
        title = " ".join(str(row.values.get("title", "")).split())
        if here is not None and here.number and here.title == title:
            row.faults.clear()  # it is left alone: our own export names people and components in words
        if here is None or row.found is not None or not here.number or here.title == title or not title:
            return ()
        said = _("Column reference: here %(number)s is another incident. Write the name of the other tool before it.")
        return [said % {"number": here.number}]

    def left_alone(self, row: PlannedRow) -> str:
        """Brought in before, an incident of this installation, or over."""
        here = row.values["reference"]
        if here.number:
            return _("It is here already as %(number)s.") % {"number": here.number}
        if row.found is not None:
            return _("It was brought in before.")
        if folded(row.values.get("state", "")) in DONE:
            return _("It is over; only open incidents are brought in.")
        return ""

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """Opened as the desk opens it, with where it comes from on its time line."""
        values = merged(row, self)
        reference = values["reference"].text
        incident = open_incident(_opening(values, reference), actor=actor, at=at)
        opened = values["opened_at"].astimezone(UTC).strftime("%Y-%m-%d %H:%M UTC") if values["opened_at"] else "–"
        records.note(
            incident.record, events.IMPORTED, actor=actor, at=at, reference=reference, opened=opened,
            state=values["state"] or "–",
        )  # fmt: skip


def _opening(values: Mapping[str, Any], reference: str) -> IncidentOpening:
    names = ("title", "description", "service", "component", "category", "impact", "urgency", "nature", "channel")
    tag = "ref:" + "-".join(reference.split())
    return IncidentOpening(
        **{name: values[name] for name in names}, caller=values["requester"], owner_team=values["team"],
        priority=values["priority"], priority_reason=_("As in the other tool (%(ref)s)") % {"ref": reference},
        tags=(*values["tags"], "imported", *([tag] if len(tag) <= LONGEST_TAG else [])), is_imported=True,
        call_key=key_of_call(reference),
    )  # fmt: skip


def _reachable() -> Any:
    return User.objects.filter(merged_into=None, kind__in=(User.Kind.PERSON, User.Kind.GUEST))


def _categories() -> Any:
    return Category.objects.filter(kind="incident", retired_at=None)


def _here(references: set[str], actor: Actor) -> dict[str, Incident]:
    """Incidents that the actor may see, by a reference that is their number or that they were brought in under."""
    visible = Incident.objects.filter(visible_q(actor, "record__")).select_related("record")
    numbers = visible.filter(record__number__in=[each.upper() for each in references])
    by_key = {key_of_call(each): each for each in references if each}
    found = {folded(each.record.number): each for each in numbers}
    brought = visible.filter(call_key__in=by_key)
    return found | {by_key[each.call_key]: each for each in brought if each.call_key}
