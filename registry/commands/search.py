"""What the search box finds of a component: name, tag, serial number, type and place."""

from journal import commands as journal
from journal.queries.kinds import Kind
from kernel.workflow import gettext_noop
from registry.models import Component

KIND = Kind(
    "component", gettext_noop("Component"), "component", "registry:component", permission="registry.read", mode=":",
    readers=2_000_000_101,
)  # fmt: skip


def reindex(component: Component) -> None:
    """Have the component's search document written with this unit of work."""
    journal.index(KIND.code, component.pk, lambda: document_of(component))


def document_of(component: Component) -> journal.Document:
    """The document of a component; everybody who may read the registry may read every word in it."""
    place = component.location.name if component.location else ""
    own = " ".join(str(value) for value in component.fields.values() if isinstance(value, str | int))
    return journal.Document(
        kind=KIND.code, id=component.pk, number=component.tag, title=component.name, note=place,
        names=f"{component.serial} {component.type.code} {place}", body=own,
        is_open=component.status != Component.Status.RETIRED, at=component.updated_at, audience=(KIND.readers,),
    )  # fmt: skip


@journal.rebuilds("components")
def _components_after(last: int, most: int) -> list[journal.Document]:
    rows = Component.objects.filter(pk__gt=last).order_by("pk").select_related("type", "location")
    return [document_of(component) for component in rows[:most]]
