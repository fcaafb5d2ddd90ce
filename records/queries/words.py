"""What an event says on the time line: its label with the data's names, or a sentence made for its code."""

from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import cache
from typing import Any

from django.conf import settings
from django.template import TemplateDoesNotExist
from django.template.backends.django import Template
from django.template.loader import get_template
from django.utils.safestring import SafeString
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy as lazy
from django.utils.translation import ngettext

from kernel.events import EventType
from records import events
from records.queries.links import LINK_KINDS

Data = Mapping[str, Any]
LABELS = {
    "title": lazy("Title"), "description": lazy("Description"), "priority": lazy("Priority"),
    "requester": lazy("Requester"), "owner_team": lazy("Owning team"), "state": lazy("State"),
    "contact_owner": lazy("Contact owner"), "service": lazy("Service"),
    "component": lazy("Component"), "category": lazy("Category"), "lang": lazy("Language"),
    "waiting_reason": lazy("Waits for"), "confidential_class": lazy("Confidential"), "parent": lazy("Part of"),
    "merged_into": lazy("Merged into"), "opened_at": lazy("Opened"), "closed_at": lazy("Closed"),
}  # fmt: skip
"""Fields of every record as people read them; a process row gives its own as `verbose_name`."""


def in_words(kind: EventType, data: Data) -> str:
    """One line about an event in the reader's language."""
    sentence = _SENTENCES.get(kind.code)
    if sentence is not None and data:
        return sentence(data)
    label = _(kind.label)
    return label % defaultdict(str, data) if "%(" in label else label


@cache
def template_of(code: str) -> Template | None:
    """The template events/<code>.html of whichever app has one; it replaces the line."""
    for app in settings.FLOORS:
        try:
            found = get_template(f"{app}/events/{code}.html")
        except TemplateDoesNotExist:
            continue
        return found if isinstance(found, Template) else None
    return None


def as_html(kind: EventType, data: Data) -> SafeString | None:
    """The event through its app's template, when there is one."""
    template = template_of(kind.code)
    return None if template is None else SafeString(template.render({"data": data, "label": _(kind.label)}))


def _changes(data: Data) -> str:
    pairs = data.get("words") or {}
    lines = [
        _("%(field)s: %(old)s → %(new)s")
        % {"field": _field(name), "old": _short(old) or _("nothing"), "new": _short(new) or _("nothing")}
        for name, (old, new) in pairs.items()
    ]
    return ", ".join(lines)


def _field(name: str) -> str:
    return str(LABELS.get(name) or name.replace("_", " ").capitalize())


def _short(text: str) -> str:
    return text if len(text) <= 60 else f"{text[:57]}…"


def _linked(data: Data) -> str:
    kind = LINK_KINDS.get(data["kind"])
    label = kind and (kind.verb if data["is_source"] else kind.inverse)
    verb = _(label) if label else data["kind"]
    number = data["number"] or _("a record that not everybody may see")
    return f"{verb} {number}"


def _unlinked(data: Data) -> str:
    return _("Link removed: %(link)s") % {"link": _linked(data)}


def _caller(data: Data) -> str:
    said = ngettext(
        "%(name)s reported this too: %(n)s caller", "%(name)s reported this too: %(n)s callers", data["count"]
    )
    return said % {"name": data["name"], "n": data["count"]}


def _merged(data: Data) -> str:
    return _("Merged into %(number)s") % {"number": data["number"]}


def _parent(data: Data) -> str:
    if not data["new"]:
        return _("No longer a part of %(number)s") % {"number": data["old"]}
    return _("Made a part of %(number)s") % {"number": data["new"]}


def register_labels(labels: Mapping[str, Any]) -> None:
    """A process says what its own columns are called (in AppConfig.ready)."""
    LABELS.update(labels)


_SENTENCES: dict[str, Callable[[Data], str]] = {
    events.FIELD_CHANGED: _changes,
    events.RETARGETED: _changes,
    events.LINKED: _linked,
    events.UNLINKED: _unlinked,
    events.CALLER_ADDED: _caller,
    events.MERGED: _merged,
    events.PARENT_CHANGED: _parent,
}


def register_sentence(code: str, sentence: Callable[[Data], str]) -> None:
    """A room above says how its event reads, where a label with the data's names is not enough (in AppConfig.ready)."""
    _SENTENCES[code] = sentence
