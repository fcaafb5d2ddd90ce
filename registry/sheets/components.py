"""Components with the fields of their types, and how they hang together, as lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext_lazy

from accounts.models import Team, User
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.errors import Unprocessable
from kernel.spreadsheets.columns import Column, folded, one_of, row_of, whole, words
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, named_in
from registry.commands.component import checked_fields, relate, save_component
from registry.models import Component, ComponentType, Location, Relation, RelationKind
from registry.queries import components

FACTS = ("tag", "name", "type", "status", "owner_team", "location", "holder", "criticality", "serial")
OWN_LENGTH = 500


def _code(row: Any) -> str:
    return row.code if row is not None else ""


def _mail(person: User | None) -> str:
    return (person.email or "") if person is not None else ""


def _tag(component: Component) -> str:
    return component.tag


def people_by_email(texts: Iterable[str]) -> dict[str, User]:
    """Persons by lower-case e-mail, of those that the texts name."""
    rows = named_in(User.objects.exclude(kind=User.Kind.SYSTEM), "email", texts)
    return {folded(each.email or ""): each for each in rows}


def components_by_tag(texts: Iterable[str]) -> dict[str, Component]:
    """Components by folded tag, of those that the texts name."""
    return {folded(each.tag): each for each in named_in(Component.objects.all(), "tag", texts)}


class ComponentsSheet(Sheet):
    """Components; one column for each field that any type has."""

    code = "components"
    label = gettext_lazy("Components")
    about = gettext_lazy("Everything that work is about, with the fields of its type.")
    note = gettext_lazy("The tag says which component a row is about. Fields of types are columns of their own.")
    edit = Permission.REGISTRY_EDIT
    readers = (Permission.REGISTRY_READ,)
    page = "registry:component_list"
    plain_columns = (
        Column(name="tag", about=gettext_lazy("Tag"), read=words(60), example="srv-12", is_key=True, is_needed=True),
        Column(name="name", about=gettext_lazy("Name"), read=words(160), is_needed=True),
        Column(name="type", about=gettext_lazy("Code of a type"), is_needed=True, show=_code,
               read=row_of("type", gettext_lazy("type"))),
        Column(name="status", about=gettext_lazy("planned, ordered, stock, in_use or retired"),
               read=one_of(Component.Status.values), empty=Component.Status.IN_USE.value),
        Column(name="owner_team", about=gettext_lazy("Code of a team"), show=_code, may_clear=True, empty=None,
               read=row_of("owner_team", gettext_lazy("team"))),
        Column(name="location", about=gettext_lazy("Code of a place"), show=_code, may_clear=True, empty=None,
               read=row_of("location", gettext_lazy("place"))),
        Column(name="holder", about=gettext_lazy("E-mail of the person who has it"), show=_mail, may_clear=True,
               read=row_of("holder", gettext_lazy("person")), empty=None),
        Column(name="criticality", about=gettext_lazy("1 (most) to 4"), read=whole(1, 4), empty=3),
        Column(name="serial", about=gettext_lazy("Serial number"), read=words(80), may_clear=True),
    )  # fmt: skip

    def columns(self) -> tuple[Column, ...]:
        """The facts, then the fields of all types in use."""
        keys: dict[str, str] = {}
        for code, fields in (
            ComponentType.objects.filter(retired_at=None).order_by("code").values_list("code", "fields")
        ):
            for each in fields:
                keys[each["key"]] = f"{keys[each['key']]}, {code}" if each["key"] in keys else code
        own = (Column(name=key, about=used, read=words(OWN_LENGTH), may_clear=True) for key, used in keys.items())
        return (*self.plain_columns, *(column for column in own if column.name not in FACTS))

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Types, teams and places in use, and the people who are named."""
        del actor
        return {
            "type": {folded(each.code): each for each in ComponentType.objects.filter(retired_at=None)},
            "owner_team": {folded(each.code): each for each in Team.objects.filter(retired_at=None)},
            "location": {folded(each.code): each for each in Location.objects.filter(retired_at=None)},
            "holder": people_by_email(row.get("holder", "") for row in rows),
        }

    def all(self, actor: Actor) -> Iterable[Component]:
        """By name."""
        del actor
        return components().order_by("name", "pk").iterator(chunk_size=500)

    def find(self, keys: Sequence[Key]) -> QuerySet[Component]:
        """By tag."""
        return named_in(components(), "tag", (key[0] for key in keys))

    def values(self, found: Component) -> Mapping[str, Any]:
        """The facts and the own fields."""
        return _Values({**{name: getattr(found, name) for name in FACTS}, **_own(found.fields)})

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """Fields that the row's type does not have, and values that do not fit them."""
        kind = row.values.get("type") or (row.found.type if row.found else None)
        own = {key: text for key, text in row.values.items() if key not in FACTS}
        if kind is None or (not own and row.found is not None and "type" not in row.values):
            return ()
        try:
            stored = checked_fields(kind, {**(row.found.fields if row.found else {}), **own})
        except Unprocessable as refused:
            return [message for messages in refused.fields.values() for message in messages]
        has = {each["key"] for each in kind.fields}
        for key in own:
            if key in has:
                row.values[key] = stored.get(key, "")
            else:
                del row.values[key]  # an export holds the columns of every type
        return ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the component's page, on the version that was looked at."""
        facts = {name: row.values[name] for name in FACTS if name in row.values}
        if row.found is not None:
            facts.pop("tag")
        own = {key: value for key, value in row.values.items() if key not in FACTS}
        seen = row.found.version if row.found else None
        save_component(row.found, {**facts, "fields": own}, seen_version=seen, actor=actor, at=at)


class _Values(dict[str, Any]):
    """Own fields that a component does not have are empty."""

    def __missing__(self, key: str) -> str:
        return ""


def _own(fields: Mapping[str, Any]) -> dict[str, Any]:
    return {key: value for key, value in fields.items() if key not in FACTS}


class RelationsSheet(Sheet):
    """Who needs whom."""

    code = "relations"
    label = gettext_lazy("Relations of components")
    about = gettext_lazy("Which component needs which other one, and how.")
    note = gettext_lazy("A row adds a relation. A relation is taken away on a component's page.")
    edit = Permission.REGISTRY_EDIT
    readers = (Permission.REGISTRY_READ,)
    page = "registry:component_list"
    plain_columns = (
        Column(name="source", about=gettext_lazy("Tag of the component that needs the other"), is_key=True,
               is_needed=True, show=_tag, read=row_of("source", gettext_lazy("component"))),
        Column(name="kind", about=gettext_lazy("Code of a kind of relation, such as runs-on"), is_key=True,
               is_needed=True, show=_code, read=row_of("kind", gettext_lazy("kind of relation"))),
        Column(name="target", about=gettext_lazy("Tag of the component that is needed"), is_key=True, is_needed=True,
               show=_tag, read=row_of("target", gettext_lazy("component"))),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """The components that are named, and kinds in use."""
        del actor
        by_tag = components_by_tag(row.get(end, "") for row in rows for end in ("source", "target"))
        kinds = {folded(each.code): each for each in RelationKind.objects.filter(retired_at=None)}
        return {"source": by_tag, "target": by_tag, "kind": kinds}

    def all(self, actor: Actor) -> Iterable[Relation]:
        """By source."""
        del actor
        rows = Relation.objects.select_related("source", "target", "kind")
        return rows.order_by("source__tag", "kind__code", "target__tag").iterator(chunk_size=500)

    def find(self, keys: Sequence[Key]) -> QuerySet[Relation]:
        """Those of the sources that are named."""
        rows = Relation.objects.select_related("source", "target", "kind")
        return named_in(rows, "source__tag", (key[0] for key in keys))

    def values(self, found: Relation) -> Mapping[str, Any]:
        """Both ends and the kind."""
        return {"source": found.source, "kind": found.kind, "target": found.target}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """A component does not need itself."""
        if row.key and row.key[0] == row.key[2] != "":
            return [str(gettext_lazy("A component cannot be related to itself."))]
        return ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the component's page."""
        relate(row.values["source"], row.values["kind"], row.values["target"], actor=actor, at=at)
