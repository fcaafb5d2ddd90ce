"""What the registry writes about components and their settings."""

from kernel.events import EventType, register
from kernel.workflow import gettext_noop

SAVED = "component.saved"
RELATED = "component.related"
UNRELATED = "component.unrelated"

register(
    EventType(SAVED, gettext_noop("Component changed"), "edit"),
    EventType(RELATED, gettext_noop("Relation added"), "link"),
    EventType(UNRELATED, gettext_noop("Relation removed"), "link"),
    EventType("component_type.saved", gettext_noop("Component type changed"), "edit"),
    EventType("place.saved", gettext_noop("Place changed"), "edit"),
    EventType("service.saved", gettext_noop("Service changed"), "edit"),
)
