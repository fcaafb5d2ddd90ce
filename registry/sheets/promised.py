"""Places, component types and services as lists."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.db.models import QuerySet
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.roles import Permission
from kernel.actor import Actor
from kernel.errors import Unprocessable
from kernel.spreadsheets.columns import (
    Column,
    Coming,
    folded,
    name_columns,
    name_values,
    names_of,
    row_of,
    slug,
    whole,
    words,
    yes_no,
)
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged, named_in
from registry.commands.component import save_service, save_type
from registry.commands.place import save_place
from registry.models import Component, ComponentType, Location, Service
from registry.queries import named
from registry.sheets.components import components_by_tag
from workforce.models import Calendar

MOST_USERS = 10_000_000


def _code(row: Any) -> str:
    return row.code if row is not None else ""


def _tag(component: Component) -> str:
    return component.tag


class PlacesSheet(Sheet):
    """Sites, buildings and rooms."""

    code = "places"
    label = gettext_lazy("Places")
    about = gettext_lazy("Sites, buildings and rooms where components stand.")
    edit = Permission.REGISTRY_EDIT
    readers = (Permission.REGISTRY_READ,)
    parent = "parent"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(60), example="malmo-1", is_key=True, is_needed=True),
        Column(name="name", about=gettext_lazy("Name"), read=words(120), is_needed=True),
        Column(name="parent", about=gettext_lazy("Code of the place that it is in, here or in this file"), show=_code,
               read=row_of("parent", gettext_lazy("place"), may_come=True), may_clear=True, empty=None),
        Column(name="is_retired", about=gettext_lazy("No longer used: true or false"), read=yes_no, empty=False),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Places by code."""
        del rows, actor
        return {"parent": {folded(each.code): each for each in Location.objects.all()}}

    def all(self, actor: Actor) -> Iterable[Location]:
        """By code."""
        del actor
        return Location.objects.select_related("parent").order_by("code")

    def find(self, keys: Sequence[Key]) -> QuerySet[Location]:
        """By code."""
        return named_in(Location.objects.select_related("parent"), "code", (key[0] for key in keys))

    def values(self, found: Location) -> Mapping[str, Any]:
        """Code, name, the place around it."""
        return {
            "code": found.code,
            "name": found.name,
            "parent": found.parent,
            "is_retired": found.retired_at is not None,
        }

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """The place; the one around it may have come with the same file."""
        values = merged(row, self)
        parent = values["parent"]
        if isinstance(parent, Coming):
            parent = self.find([(parent.key,)]).get()
        save_place(
            row.found, code=row.found.code if row.found else values["code"], name=values["name"], parent=parent,
            is_retired=values["is_retired"], actor=actor, at=at,
        )  # fmt: skip


class TypesSheet(Sheet):
    """Kinds of components, without their fields."""

    code = "component-types"
    label = gettext_lazy("Component types")
    about = gettext_lazy("Kinds of components and their names.")
    note = gettext_lazy("The fields of a type are kept on its page: a cell cannot hold them.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.REGISTRY_READ, Permission.SETTINGS_READ)
    page = "registry:types"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code"), read=slug(60), example="server", is_key=True, is_needed=True),
        *name_columns(),
        Column(name="icon", about=gettext_lazy("Name of a symbol"), read=words(30), empty="component"),
        Column(name="is_retired", about=gettext_lazy("No longer used: true or false"), read=yes_no, empty=False),
    )

    def all(self, actor: Actor) -> Iterable[ComponentType]:
        """By code."""
        del actor
        return ComponentType.objects.order_by("code")

    def find(self, keys: Sequence[Key]) -> QuerySet[ComponentType]:
        """By code."""
        return named_in(ComponentType.objects.all(), "code", (key[0] for key in keys))

    def values(self, found: ComponentType) -> Mapping[str, Any]:
        """Code, names, symbol."""
        own = {"code": found.code, "icon": found.icon, "is_retired": found.retired_at is not None}
        return own | name_values(found.name)

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the type's page; its fields stay."""
        values = merged(row, self)
        content = {
            "code": row.found.code if row.found else values["code"], "name": names_of(values), "icon": values["icon"],
            "fields": row.found.fields if row.found else [], "is_retired": values["is_retired"],
        }  # fmt: skip
        save_type(row.found, content, actor=actor, at=at)


class ServicesSheet(Sheet):
    """What the organisation promises to those it serves."""

    code = "services"
    label = gettext_lazy("Services")
    about = gettext_lazy("Components that are promised as services: hours, customer, who helps.")
    edit = Permission.REGISTRY_EDIT
    readers = (Permission.REGISTRY_READ,)
    page = "registry:component_list"
    plain_columns = (
        Column(name="component", about=gettext_lazy("Tag of the component that is the service"), is_key=True,
               is_needed=True, show=_tag, read=row_of("component", gettext_lazy("component"))),
        Column(name="code", about=gettext_lazy("Code of the service; each has an own one"), read=slug(60),
               is_needed=True, example="vpn"),
        Column(name="customer", about=gettext_lazy("Unit that it is for"), read=words(120), may_clear=True),
        Column(name="users", about=gettext_lazy("How many people use it"), read=whole(0, MOST_USERS), empty=0),
        Column(name="calendar", about=gettext_lazy("Code of a working calendar"), show=_code, may_clear=True,
               read=row_of("calendar", gettext_lazy("calendar")), empty=None),
        Column(name="support_team", about=gettext_lazy("Code of a team"), show=_code, may_clear=True,
               read=row_of("support_team", gettext_lazy("team")), empty=None),
        Column(name="is_prioritised", about=gettext_lazy("Prioritised delivery: true or false"), read=yes_no,
               empty=False),
        Column(name="emergency_plan", about=gettext_lazy("What to do when it cannot be restored now"),
               read=words(20_000), may_clear=True),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """The components that are named, calendars and teams in use."""
        del actor
        return {
            "component": components_by_tag(row.get("component", "") for row in rows),
            "calendar": {folded(each.code): each for each in Calendar.objects.filter(retired_at=None)},
            "support_team": {folded(each.code): each for each in Team.objects.filter(retired_at=None)},
        }

    def all(self, actor: Actor) -> Iterable[Service]:
        """By code."""
        del actor
        return _services().order_by("code")

    def find(self, keys: Sequence[Key]) -> QuerySet[Service]:
        """By the tag of the component."""
        return named_in(_services(), "component__tag", (key[0] for key in keys))

    def values(self, found: Service) -> Mapping[str, Any]:
        """What the service's page says."""
        return {column.name: getattr(found, column.name) for column in self.plain_columns}

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the component's page."""
        values = merged(row, self)
        if not named.code_is_free(values["code"], values["component"].pk):
            raise Unprocessable(_("Another service has this code. Choose another one."))
        save_service(values["component"], values, actor=actor, at=at)


def _services() -> QuerySet[Service]:
    return Service.objects.filter(retired_at=None).select_related("component", "calendar", "support_team")
