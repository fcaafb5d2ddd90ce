"""Keep components, their types, services and relations."""

from datetime import date, datetime, timedelta
from typing import Any

from django.utils.translation import gettext as _

from accounts.policies import require
from accounts.roles import Permission
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Conflict, Stale, Unprocessable
from registry import events
from registry.commands.search import reindex
from registry.models import Component, ComponentType, Relation, RelationKind, Service
from registry.queries import last_saved

FACTS = ("tag", "name", "type", "status", "owner_team", "location", "holder", "criticality", "serial")


@command
def save_component(
    component: Component | None, values: dict[str, Any], *, seen_version: int | None = None, actor: Actor, at: datetime
) -> Component:
    """Add or change a component. `values` name columns and `fields`; only those named change.

    Stale (409) when somebody saved it after `seen_version`; Unprocessable with messages per field.
    """
    require(actor, Permission.REGISTRY_EDIT)
    if component is None:
        component = Component(updated_at=at, version=0)
    else:
        component = Component.objects.select_for_update(no_key=True).get(pk=component.pk)
        _check_version(component, seen_version)
    before = {name: getattr(component, f"{name}_id", getattr(component, name, None)) for name in FACTS}
    for name in FACTS:
        if name in values:
            setattr(component, name, values[name])
    if "fields" in values:
        component.fields = checked_fields(component.type, {**component.fields, **values["fields"]})
    _check_tag(component)
    component.version, component.updated_at = component.version + 1, at
    component.save()
    after = {name: getattr(component, f"{name}_id", getattr(component, name)) for name in FACTS}
    changed = {name: [before[name], after[name]] for name in FACTS if before[name] != after[name]}
    journal.note(("component", component.pk), events.SAVED, actor=actor, at=at, changed=changed, tag=component.tag)
    reindex(component)
    return component


UNDO_WINDOW = timedelta(seconds=60)


@command
def undo_save(component: Component, version: int, *, actor: Actor, at: datetime) -> Component:
    """Take back the change that made this version: same person, within 60 s, nothing changed since (ARCHITECTURE 5)."""
    require(actor, Permission.REGISTRY_EDIT)
    locked = Component.objects.select_for_update(no_key=True).get(pk=component.pk)
    event = last_saved(locked)
    is_own = event is not None and event.actor_id == actor.id and at - event.at <= UNDO_WINDOW
    if event is None or not is_own or locked.version != version:
        raise Conflict(
            _("%(name)s has moved on since, so this cannot be undone any more. Change it by hand.")
            % {"name": locked.name},
            code="too_late",
        )
    changed = event.data["changed"]
    for name, (before, _after) in changed.items():
        setattr(locked, Component._meta.get_field(name).attname, before)  # type: ignore[union-attr]  # noqa: SLF001  # a column; the documented model Meta API
    locked.version, locked.updated_at = locked.version + 1, at
    locked.save()
    back = {name: [after, before] for name, (before, after) in changed.items()}
    journal.note(("component", locked.pk), events.SAVED, actor=actor, at=at, changed=back, tag=locked.tag)
    reindex(locked)
    return locked


def _check_version(component: Component, seen: int | None) -> None:
    if seen is not None and seen != component.version:
        raise Stale(
            _("%(name)s was changed by somebody else while you edited it. Compare, then save again.")
            % {"name": component.name},
            facts={"version": component.version},
        )


def _check_tag(component: Component) -> None:
    if Component.objects.filter(tag__iexact=component.tag).exclude(pk=component.pk).exists():
        message = _("Another component has the tag %(tag)s. Give this one a tag of its own.") % {"tag": component.tag}
        raise Unprocessable(message, fields={"tag": [message]})


def checked_fields(kind: ComponentType, values: dict[str, Any]) -> dict[str, Any]:
    """The values of a type's own fields as stored; Unprocessable names each one that does not fit."""
    faults: dict[str, list[str]] = {}
    stored: dict[str, Any] = {}
    for field in kind.fields:
        key, raw = field["key"], values.get(field["key"])
        if raw in (None, ""):
            if field.get("required"):
                faults[key] = [_("Fill in %(field)s.") % {"field": key}]
            continue
        try:
            stored[key] = _READERS[field.get("type", "text")](raw, field)
        except ValueError as error:
            faults[key] = [str(error)]
    if faults:
        first = next(iter(faults.values()))[0]
        raise Unprocessable(first, fields=faults)
    return stored


def _text(raw: Any, field: dict[str, Any]) -> str:
    return str(raw).strip()[:500]


def _number(raw: Any, field: dict[str, Any]) -> int | float:
    try:
        value = float(str(raw).replace(",", ".").replace(" ", ""))
    except ValueError as error:
        raise ValueError(_("%(field)s must be a number.") % {"field": field["key"]}) from error
    if value != value or value in (float("inf"), float("-inf")):  # not a number is unlike itself
        raise ValueError(_("%(field)s must be a number.") % {"field": field["key"]})
    return int(value) if value.is_integer() else value


def _date(raw: Any, field: dict[str, Any]) -> str:
    try:
        return date.fromisoformat(str(raw).strip()).isoformat()
    except ValueError as error:
        raise ValueError(_("%(field)s must be a date such as 2026-03-31.") % {"field": field["key"]}) from error


def _choice(raw: Any, field: dict[str, Any]) -> str:
    if str(raw) not in field.get("choices", []):
        allowed = ", ".join(field.get("choices", []))
        raise ValueError(_("%(field)s must be one of: %(allowed)s.") % {"field": field["key"], "allowed": allowed})
    return str(raw)


_READERS = {"text": _text, "number": _number, "date": _date, "choice": _choice}


@command
def relate(source: Component, kind: RelationKind, target: Component, *, actor: Actor, at: datetime) -> Relation:
    """Note that the source needs the target in that way. Conflict when it is noted already."""
    require(actor, Permission.REGISTRY_EDIT)
    if source.pk == target.pk:
        raise Unprocessable(_("A component cannot be related to itself."))
    relation, is_new = Relation.objects.get_or_create(source=source, target=target, kind=kind)
    if not is_new:
        raise Conflict(_("This relation exists already."))
    for each in (source, target):
        journal.note(
            ("component", each.pk),
            events.RELATED,
            actor=actor,
            at=at,
            source=source.tag,
            target=target.tag,
            kind=kind.code,
        )
    return relation


@command
def unrelate(relation: Relation, *, actor: Actor, at: datetime) -> None:
    """Take a relation away; the audit keeps it."""
    require(actor, Permission.REGISTRY_EDIT)
    source, target, kind = relation.source, relation.target, relation.kind
    relation.delete()
    for each in (source, target):
        journal.note(
            ("component", each.pk),
            events.UNRELATED,
            actor=actor,
            at=at,
            source=source.tag,
            target=target.tag,
            kind=kind.code,
        )


@command
def save_type(kind: ComponentType | None, values: dict[str, Any], *, actor: Actor, at: datetime) -> ComponentType:
    """Add or change a component type and its fields."""
    require(actor, Permission.SETTINGS_EDIT)
    kind = kind or ComponentType()
    for name in ("code", "name", "icon", "fields"):
        setattr(kind, name, values[name])
    kind.retired_at = (kind.retired_at or at) if values.get("is_retired") else None
    kind.save()
    journal.note(("component_type", kind.pk), "component_type.saved", actor=actor, at=at, code=kind.code)
    return kind


@command
def save_service(component: Component, values: dict[str, Any], *, actor: Actor, at: datetime) -> Service:
    """Make a component a service, or change what the service promises."""
    require(actor, Permission.REGISTRY_EDIT)
    service = Service.objects.filter(pk=component.pk).first() or Service(component=component)
    for name in ("code", "calendar", "customer", "users", "is_prioritised", "support_team", "emergency_plan"):
        setattr(service, name, values[name])
    service.save()
    journal.note(("component", component.pk), "service.saved", actor=actor, at=at, code=service.code)
    return service
