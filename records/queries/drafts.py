"""What somebody typed and has not sent."""

from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from journal.queries.kinds import address
from kernel.actor import Actor
from kernel.errors import NotFound
from records.models import Draft
from records.queries.record import numbers_of

WORDS = ("text", "about", "description", "resolution", "reason")
"""What people write; beside it a draft may keep what they chose."""


@dataclass(frozen=True, slots=True)
class DraftLine:
    """One unsent text: where it belongs, how it begins, and the address where it is finished."""

    key: str
    title: str
    start: str
    url: str
    at: datetime


def draft_of(actor: Actor, key: str) -> Draft | None:
    """What the person typed under a key and has not sent."""
    return Draft.objects.filter(user=actor.id, key=key).first()


def draft(actor: Actor, key: str) -> Draft:
    """One of the person's drafts; NotFound when nothing is kept under the key."""
    found = draft_of(actor, key)
    if found is None:
        raise NotFound(_("Nothing is kept under this key."))
    return found


def drafts(actor: Actor) -> list[DraftLine]:
    """The person's drafts, newest first, with the records that they belong to: two statements."""
    rows = list(Draft.objects.filter(user=actor.id).order_by("-updated_at")[:100])
    owners = {row.key: int(row.key.split(":")[1]) for row in rows if _is_of_record(row.key)}
    known = numbers_of(actor, owners.values()) if owners else {}
    lines = []
    for row in rows:
        kind, number, title = known.get(owners.get(row.key, 0), ("", "", row.title))
        page = address(kind, number=number, subject_id=owners.get(row.key, 0)) if number else ""
        url = row.url or page
        rest = [value for name, value in row.values.items() if name != "saw"]
        said = [row.values[name] for name in WORDS if row.values.get(name)] or rest
        start = " ".join(value for value in said if isinstance(value, str)).strip()
        lines.append(DraftLine(row.key, f"{number} {title}".strip(), start[:200], url, row.updated_at))
    return lines


def _is_of_record(key: str) -> bool:
    parts = key.split(":")
    return len(parts) >= 2 and parts[0] == "record" and parts[1].isdecimal() and len(parts[1]) < 19
