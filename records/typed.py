"""What somebody types into a fact in its place is kept until it is saved or given up (UX G9)."""

from urllib.parse import urlencode

from django import forms
from django.urls import reverse

from accounts.doors import ActorRequest
from journal.units import door
from records import commands as records
from records import queries
from records.models import Record


def key_of(record: Record, name: str) -> str:
    """The key under which what is typed into a fact is kept."""
    return f"record:{record.pk}:fact:{name}"


def keep(request: ActorRequest, record: Record, form: forms.Form, name: str, *, saw: str) -> str:
    """Let a text field keep what is typed, and begin with what was kept; returns what its writer had seen then."""
    key = key_of(record, name)
    field, draft = form.fields[name], None if form.is_bound else queries.draft_of(request.actor, key)
    address = f"{reverse('records:draft', args=[key])}?{urlencode({'url': request.path})}"
    field.widget.attrs |= {"data-draft": key, "data-draft-url": address}
    if draft is not None:
        form.initial[name] = draft.values.get("text", "")
        saw = draft.values.get("saw", saw)
        field.widget.attrs["data-draft-at"] = int(draft.updated_at.timestamp())
    field.widget.attrs["data-saw"] = saw
    return saw


def spend(request: ActorRequest, record: Record, name: str) -> None:
    """The fact is saved: what was typed for it is no longer kept."""
    with door(request.actor) as at:
        records.drop_draft(key=key_of(record, name), actor=request.actor, at=at)
