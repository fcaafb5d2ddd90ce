"""Read components for lists, pages and pickers."""

from collections.abc import Iterable
from typing import Any

from django.db.models import Q, QuerySet

from journal.models import Event
from kernel.errors import NotFound
from registry import events
from registry.models import Component, ComponentType, Location, Relation, RelationKind, Service


def components() -> QuerySet[Component]:
    """Components with what a row shows."""
    return Component.objects.select_related("type", "owner_team", "location", "holder")


def component(tag: str) -> Component:
    """The component with that tag; NotFound when there is none."""
    found = components().filter(tag__iexact=tag).first()
    if found is None:
        raise NotFound("No component has that tag.")
    return found


def last_saved(found: Component) -> Event | None:
    """The last change of the component's facts."""
    saved = Event.objects.filter(subject_kind="component", subject_id=found.pk, code=events.SAVED)
    return saved.order_by("-seq").first()


def by_ids(ids: Iterable[int]) -> list[Component]:
    """These components with what a row shows, by name; unknown ids are left out."""
    return list(components().filter(pk__in=list(ids)).order_by("name", "pk"))


def by_id(pk: int) -> Component:
    """The component with that id; NotFound when there is none."""
    found = components().filter(pk=pk).first()
    if found is None:
        raise NotFound("No such component.")
    return found


def service_of(found: Component) -> Service | None:
    """What the component promises as a service, when it is one."""
    return Service.objects.select_related("calendar", "support_team").filter(pk=found.pk).first()


def relations_of(found: Component) -> tuple[list[Relation], list[Relation]]:
    """What it needs, and what needs it, one step away."""
    both = Relation.objects.filter(Q(source=found) | Q(target=found)).select_related(
        "source__type", "target__type", "kind"
    )
    rows = list(both.order_by("kind__code", "source__name", "target__name"))
    return [row for row in rows if row.source_id == found.pk], [row for row in rows if row.target_id == found.pk]


def relations_with(found: Component) -> QuerySet[Relation]:
    """Relations of the component in either direction, as rows."""
    both = Relation.objects.filter(Q(source=found) | Q(target=found))
    return both.select_related("source", "target", "kind")


def services() -> QuerySet[Service]:
    """Services in use, with what a row shows."""
    rows = Service.objects.filter(retired_at=None)
    return rows.select_related("component__owner_team", "calendar", "support_team")


def service(code: str) -> Service:
    """The service in use with that code; NotFound when there is none."""
    found = services().filter(code=code).first()
    if found is None:
        raise NotFound("No such service.")
    return found


def relation_of(found: Component, pk: int) -> Relation:
    """A relation of that component; NotFound when it is not one of its own."""
    relation = (
        Relation.objects.select_related("source", "target", "kind")
        .filter(Q(source=found) | Q(target=found), pk=pk)
        .first()
    )
    if relation is None:
        raise NotFound("No such relation.")
    return relation


def matching(text: str, *, limit: int = 10) -> QuerySet[Component]:
    """Components whose tag, name or serial begins with or contains the text, for pickers (two characters or more)."""
    text = text.strip()
    if len(text) < 2:
        return Component.objects.none()
    words = Q(tag__istartswith=text) | Q(name__icontains=text) | Q(serial__iexact=text)
    return components().exclude(status="retired").filter(words).order_by("name", "pk")[:limit]


def held_by(user_id: int) -> QuerySet[Component]:
    """The equipment somebody has."""
    return components().filter(holder_id=user_id).exclude(status="retired").order_by("name", "pk")


def component_from_labels(labels: dict[str, str], names: Iterable[str]) -> Component | None:
    """The component that labels speak of: the first of `names` whose value is a tag or name, host names without port
    and domain included. None when nothing fits."""
    texts = [labels[name] for name in names if labels.get(name)]
    candidates = [form for text in texts for form in _forms(text)]
    if not candidates:
        return None
    lowered = [each.lower() for each in candidates]
    fits = Q(tag__in=candidates) | Q(name__in=candidates)
    rows = list(components().exclude(status="retired").filter(fits))
    rank: dict[int, int] = {}
    for row in rows:
        places = [lowered.index(form) for form in (row.tag.lower(), row.name.lower()) if form in lowered]
        rank[row.pk] = min(places, default=len(lowered))
    return min(rows, key=lambda row: (rank[row.pk], row.pk), default=None)


def _forms(text: str) -> list[str]:
    host = text.rsplit("://", 1)[-1].split("/", 1)[0]
    without_port = host.rsplit(":", 1)[0] if host.count(":") == 1 else host
    return list(dict.fromkeys([text, host, without_port, without_port.split(".", 1)[0]]))


def types() -> QuerySet[ComponentType]:
    """Component types, those in use first."""
    return ComponentType.objects.order_by("retired_at", "code")


def type_by_code(code: str) -> ComponentType:
    """The type with that code; NotFound when there is none."""
    found = ComponentType.objects.filter(code=code).first()
    if found is None:
        raise NotFound("No such component type.")
    return found


def relation_kinds() -> QuerySet[RelationKind]:
    """Kinds of relation in use."""
    return RelationKind.objects.filter(retired_at=None).order_by("code")


def locations() -> QuerySet[Location]:
    """Places in use."""
    return Location.objects.filter(retired_at=None).order_by("name")


def own_facts(found: Component) -> list[tuple[dict[str, str], Any]]:
    """The fields of its type with their values, labels as {en, sv, zh-hans}."""
    return [
        (spec.get("label") or {"en": spec["key"]}, found.fields[spec["key"]])
        for spec in found.type.fields
        if spec["key"] in found.fields
    ]


def type_or_none(pk: str | None) -> ComponentType | None:
    """The type chosen in a form, by id."""
    return ComponentType.objects.filter(pk=pk).first() if pk and pk.isdecimal() else None


def initial(found: Component | None) -> dict[str, Any]:
    """What the edit form starts with."""
    if found is None:
        return {}
    names = ("tag", "name", "type", "status", "owner_team", "location", "criticality", "serial", "version")
    plain = {name: getattr(found, name) for name in names}
    plain["holder"] = (found.holder.email or found.holder.staff_number or "") if found.holder else ""
    return plain | {f"own_{key}": value for key, value in found.fields.items()}
