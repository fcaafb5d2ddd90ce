"""The tabs of a record's side panel. Rooms register theirs in AppConfig.ready and are met by URL name only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass

from kernel.actor import Actor
from records import policies
from records.models import Record

Can = Callable[[Actor, Record], bool]


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab. `url_name` is reversed with the record's number and answers a fragment to htmx, a page to others.

    `kinds` empty: every kind of record. `can` decides who gets the tab; the page behind it asks again.
    """

    code: str
    label: str
    url_name: str
    kinds: Collection[str] = ()
    can: Can = policies.can_read_internal
    order: int = 50


_panels: dict[str, Panel] = {}


def register_panel(panel: Panel) -> None:
    """Add a tab to the side panel."""
    _panels[panel.code] = panel


def panels_for(actor: Actor, record: Record) -> list[Panel]:
    """The tabs that this reader gets on this record, in order."""
    fitting = [panel for panel in _panels.values() if not panel.kinds or record.kind in panel.kinds]
    return sorted((panel for panel in fitting if panel.can(actor, record)), key=lambda panel: panel.order)
