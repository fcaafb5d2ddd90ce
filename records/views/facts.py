"""A fact is text; its pencil opens a small form in its place; another person's edit of the same fact is shown (409)."""

from typing import Any

from django import forms
from django.http import HttpResponse
from django.template.loader import render_to_string
from django.urls import reverse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_safe

from accounts.doors import ActorRequest, signed_in
from journal.units import door
from kernel.errors import NotFound, Stale
from kernel.pages import go, is_fragment_request, respond, toast
from records import commands as records
from records import policies, queries
from records.forms import PICKED, fact_form, seen_value
from records.models import Record
from records.queries.choices import option_of, options
from records.queries.facts import editable, fact
from records.queries.page import area_of, url_of
from records.typed import keep, key_of, spend
from records.views.frames import timeline_again

CHOSEN = (*PICKED, "category", "owner_team")
"""Facts that are chosen, not written."""
SHOWN_ONCE = ("title", "description", "category")
"""Facts that stand nowhere else on the page, or whose other place is put right; after the rest the page is new."""


@signed_in
@require_http_methods(["GET", "POST"])
def field(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """The form of one fact; its new value; with ?read the fact as text."""
    record = queries.by_number(request.actor, number)
    if name not in editable(record.kind):
        raise NotFound(_("No record %(number)s.") % {"number": number})
    if request.method == "POST":
        return _change(request, record, name)
    if "read" in request.GET and is_fragment_request(request):
        return _as_text(request, record, name)
    policies.require(policies.can_edit, request.actor, record)
    return _as_form(request, record, name, fact_form(record, name))


@signed_in
@require_safe
def choices(request: ActorRequest, number: str, name: str) -> HttpResponse:
    """What a fact may be, by what was typed so far: the list of its picker."""
    record = queries.by_number(request.actor, number)
    if name not in PICKED or name not in editable(record.kind):
        raise NotFound(_("No record %(number)s.") % {"number": number})
    policies.require(policies.can_edit, request.actor, record)
    context = {"name": name, **_found(name, request.GET.get(f"look_{name}", ""))}
    return respond(request, "records/choices.html", "_components/picker_list.html", context)


def _found(name: str, look: str) -> dict[str, Any]:
    """The choices that fit; the only one is chosen already."""
    found = options(name, look)
    nothing = _("Nothing called “%(look)s”.") % {"look": look} if look.strip() else ""
    return {"options": found, "value": found[0].value if len(found) == 1 else None, "nothing": nothing}


def _change(request: ActorRequest, record: Record, name: str) -> HttpResponse:
    if request.POST.get("look"):
        return _as_form(request, record, name, fact_form(record, name))
    data: dict[str, Any] = request.POST.dict()
    if name in PICKED and name not in data:  # typed, but nothing chosen
        found = options(name, request.POST.get(f"look_{name}", ""))
        if len(found) != 1:
            return _as_form(request, record, name, fact_form(record, name), status=422)
        data[name] = str(found[0].value)
    form = fact_form(record, name, data)
    if not form.is_valid():
        return _as_form(request, record, name, form, status=422)
    seen = {name: seen_value(record, name, request.POST.get("saw", ""))}
    try:
        with door(request.actor) as at:
            done = records.edit_fields(
                record, seen=seen, values={name: form.cleaned_data[name]}, allowed=editable(record.kind),
                actor=request.actor, at=at,
            )  # fmt: skip
    except Stale as refused:
        return _merge(request, record, name, refused)
    undo = reverse("records:undo", args=[record.number, done.undo.pk]) if done.undo is not None else ""
    spend(request, record, name)
    toast(request, _("Saved."), undo=undo, draft=key_of(record, name))
    if not is_fragment_request(request) or name not in SHOWN_ONCE:
        return go(request, url_of(record))
    response = _as_text(request, record, name)
    response.write(render_to_string("records/_title.html", {"record": record, "swap_oob": True}, request))
    response.write(timeline_again(request, record))
    return response


def _as_text(request: ActorRequest, record: Record, name: str) -> HttpResponse:
    shown = fact(record, name, can_edit=policies.can_edit(request.actor, record))
    context = {"label": shown.label, "name": name, "value": shown.value, "edit_url": shown.edit_url,
               "owner": record.pk}  # fmt: skip
    return respond(request, "_components/fact.html", "_components/fact.html", context)


def _as_form(request: ActorRequest, record: Record, name: str, form: forms.Form, *, status: int = 200) -> HttpResponse:
    url = reverse("records:field", args=[record.number, name])
    saw = request.POST.get("saw", "") if request.method == "POST" else seen_text(record, name)
    if name not in CHOSEN:
        saw = keep(request, record, form, name, saw=saw)
    context = {
        "label": form[name].label, "name": name, "field": form[name], "action": url, "saw": saw, "record": record,
        "draft": key_of(record, name),
        "cancel_url": f"{url}?read=1" if is_fragment_request(request) else url_of(record), "area": area_of(record),
        "picker": _picker(request, record, name) if name in PICKED else None,
    }  # fmt: skip
    return respond(request, "records/field.html", "_components/fact_edit.html", context, status=status)


def _picker(request: ActorRequest, record: Record, name: str) -> dict[str, Any]:
    """The search field with what it found; before a search, what the fact is now, and none of all."""
    look, present = request.POST.get(f"look_{name}", ""), getattr(record, name)
    url = reverse("records:choices", args=[record.number, name])
    if look.strip():
        said = "" if request.POST.get("look") else _("Choose one of these.")
        return {"url": url, "look": look, "error": said, **_found(name, look)}
    none = {"value": "", "label": _("None"), "detail": ""}
    return {"url": url, "look": "", "options": [*([option_of(present)] if present else []), none],
            "value": present.pk if present else "", "error": ""}  # fmt: skip


def seen_text(record: Record, name: str) -> str:
    """The stored value as the form's hidden field carries it."""
    value: Any = getattr(record, f"{name}_id", None) if hasattr(record, f"{name}_id") else getattr(record, name)
    return "" if value is None else str(value)


def _merge(request: ActorRequest, record: Record, name: str, refused: Stale) -> HttpResponse:
    """ "Now: P1 (Li, 09:22) · Yours: P3 · keep mine · take theirs" (UX 3.5)."""
    url, facts = reverse("records:field", args=[record.number, name]), refused.facts
    context = {
        "label": facts["label"], "name": name, "theirs": facts["now_text"], "theirs_by": facts["by"],
        "theirs_value": "" if facts["now"] is None else str(facts["now"]), "theirs_at": facts["at"],
        "yours": request.POST.get(name, ""), "yours_text": facts["yours_text"], "action": url,
        "take_url": f"{url}?read=1" if is_fragment_request(request) else url_of(record),
        "record": record, "area": area_of(record), "draft": key_of(record, name),
    }  # fmt: skip
    return respond(request, "records/stale.html", "_components/merge.html", context, status=409)
