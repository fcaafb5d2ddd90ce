"""The tabs of a record's side panel. Rooms register theirs in AppConfig.ready and are met by URL name only."""

from collections.abc import Callable, Collection
from dataclasses import dataclass
from typing import Any

from django.urls import NoReverseMatch, reverse
from django.utils.translation import gettext as _

from kernel.actor import Actor
from records import policies
from records.models import Record
from records.queries.page import url_of

Can = Callable[[Actor, Record], bool]


@dataclass(frozen=True, slots=True)
class Panel:
    """One tab. `url_name` is reversed with the record's number. It answers records/_panel.html to htmx
    (context: panel_template, tabs) and a page with the panel in it to everybody else.

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


def tabs_for(actor: Actor, record: Record, current: str = "facts") -> list[dict[str, Any]]:
    """The side panel's tabs for templates/records/_tabs.html; the page of the record with its facts is the first."""
    tabs = [{"label": _("Facts"), "url": url_of(record), "is_current": current == "facts", "is_page": True}]
    for panel in panels_for(actor, record):
        try:
            url = reverse(panel.url_name, args=[record.number])
        except NoReverseMatch:
            continue
        tabs.append({"label": _(panel.label), "url": url, "is_current": current == panel.code, "is_page": False})
    return tabs
