"""What the agent console shows while somebody is on the phone (DOMAIN I1, UX 3.4)."""

import re

from django.contrib.postgres.search import TrigramWordSimilarity
from django.db.models import Q

from accounts.models import User
from incidents.models import Incident
from incidents.process import INCIDENTS
from incidents.workflow import OPEN
from journal.models import SearchDocument
from kernel.actor import Actor
from records import queries as records
from records.models import Category, Draft, Record
from records.queries import choices
from registry.models import Component

MOST = 8
"""People, components and records offered at once."""
ALIKE = 0.45
"""Word similarity from which an open incident is offered as the same fault."""
CALL_PREFIX = "call:"


def suggested_components(about: str, holder_id: int | None) -> list[Component]:
    """Components that the words name, the caller's own things after them."""
    words = re.findall(r"[\w-]{3,}", about)[:8]
    named: list[Component] = []
    if words:
        condition = Q()
        for word in words:
            condition |= Q(tag__iexact=word) | Q(name__iexact=word)
        rows = Component.objects.exclude(status=Component.Status.RETIRED).select_related("location", "type")
        named = list(rows.filter(condition).order_by("name", "pk")[:MOST])
    own = choices.find_components("", holder_id)
    return [*named, *(each for each in own if each not in named)][:MOST]


def open_records_of(actor: Actor, user_id: int) -> list[Record]:
    """What the caller has open, as far as the actor may see it, newest first."""
    rows = records.visible_to(actor).filter(requester=user_id).exclude(phase="done")
    return list(rows.order_by("-opened_at", "-pk")[:MOST])


def recent_records_of(actor: Actor, user_id: int) -> list[Record]:
    """The caller's last records that have ended: earlier contacts."""
    rows = records.visible_to(actor).filter(requester=user_id, phase="done")
    return list(rows.order_by("-opened_at", "-pk")[:3])


def similar(actor: Actor, text: str, *, component_id: int | None = None, except_id: int = 0) -> list[Incident]:
    """Open incidents that may be the same fault: alike in words, or on the same component; best first."""
    text = " ".join(text.split())
    alike: dict[int, float] = {}
    if len(text) >= 4:
        rows = (
            SearchDocument.objects.filter(subject_kind="incident", is_open=True, title__trigram_word_similar=text)
            .annotate(alike=TrigramWordSimilarity(text, "title"))
            .order_by("-alike", "-at")
        )
        alike = {pk: score for pk, score in rows.values_list("subject_id", "alike")[:50] if score >= ALIKE}
    wanted = Q(pk__in=list(alike))
    if component_id is not None:
        wanted |= Q(record__component=component_id)
    open_ones = INCIDENTS.visible_to(actor).select_related("record__requester").filter(wanted, record__state__in=OPEN)
    found = open_ones.exclude(pk=except_id).order_by("-record__opened_at")[:50]
    return sorted(found, key=lambda each: _likeness(each, alike, component_id), reverse=True)[:5]


def _likeness(incident: Incident, alike: dict[int, float], component_id: int | None) -> float:
    on_it = component_id is not None and incident.record.component_id == component_id
    return alike.get(incident.pk, 0.0) + (0.3 if on_it else 0.0) + (0.5 if incident.is_major else 0.0)


def categories() -> list[Category]:
    """Categories of incidents that are in use."""
    return list(Category.objects.filter(kind="incident", retired_at=None).select_related("parent").order_by("code"))


def draft_of(actor: Actor, call: str) -> Draft | None:
    """What the agent typed in that call."""
    return Draft.objects.filter(user=actor.id, key=f"{CALL_PREFIX}{call}").first()


def other_calls(actor: Actor, call: str) -> list[Draft]:
    """The agent's other unfinished calls, newest first."""
    rows = Draft.objects.filter(user=actor.id, key__startswith=CALL_PREFIX).exclude(key=f"{CALL_PREFIX}{call}")
    return list(rows.order_by("-updated_at")[:MOST])


def person(pk: int) -> User:
    """The person with that id."""
    return User.objects.get(pk=pk)


def draft_text(actor: Actor, key: str) -> str:
    """What the person typed into the one field of a form and has not sent."""
    kept = Draft.objects.filter(user=actor.id, key=key).first()
    return str(kept.values.get("text", "")) if kept is not None else ""


def component_id(text: str) -> str:
    """The id of a component named by id or by tag in an address; nothing when there is none."""
    if not text or text.isdecimal():
        return text
    found = Component.objects.filter(tag__iexact=text).values_list("pk", flat=True).first()
    return str(found or "")
