"""The side panels of records: related records with their links, and the audit."""

from typing import Any

from django.http import HttpResponse
from django.utils.translation import gettext as _
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from accounts.doors import ActorRequest, allowed, signed_in
from accounts.roles import Permission
from journal.units import door
from kernel.errors import NotFound, Refused
from kernel.pages import go, respond, toast
from records import commands as records
from records import policies, queries
from records.forms import LinkForm
from records.models import Record
from records.queries.trail import trail
from records.views.frames import frame_context


def panel_page(
    request: ActorRequest, record: Record, code: str, template: str, values: dict[str, Any], *, status: int = 200
) -> HttpResponse:
    """A panel: its fragment to htmx, the whole record page with it to everybody else."""
    context = {**frame_context(request, record, code), **values, "panel_template": template}
    return respond(request, "records/page.html", "records/_panel.html", context, status=status)


@signed_in
@require_http_methods(["GET", "POST"])
def related(request: ActorRequest, number: str) -> HttpResponse:
    """Related records; a POST links one more."""
    record = queries.by_number(request.actor, number)
    policies.require(policies.can_read_internal, request.actor, record)
    form = LinkForm(request.POST or None)
    if request.method == "POST" and form.is_valid():
        try:
            return _link(request, record, form)
        except Refused as refused:
            form.add_error("number", refused.message)
    values = {"related": queries.related(request.actor, record), "form": form}
    status = 422 if request.method == "POST" else 200
    return panel_page(request, record, "related", "records/_related.html", values, status=status)


def _link(request: ActorRequest, record: Record, form: LinkForm) -> HttpResponse:
    target = queries.jump(request.actor, form.cleaned_data["number"].strip())
    with door(request.actor) as at:
        records.link(record, target, kind=form.cleaned_data["kind"], actor=request.actor, at=at)
    toast(request, _("Linked to %(number)s.") % {"number": target.number})
    return go(request, request.path)


@signed_in
@require_POST
def unlink(request: ActorRequest, number: str, link_id: int) -> HttpResponse:
    """Take one link away."""
    record = queries.by_number(request.actor, number)
    made = queries.link_by_id(record, link_id)
    with door(request.actor) as at:
        records.unlink(made, actor=request.actor, at=at)
    toast(request, _("The link was removed."))
    return go(request, request.path.partition("/links/")[0] + "/related/")


@signed_in
@require_safe
def impact(request: ActorRequest, number: str) -> HttpResponse:
    """What the component takes down when it stops."""
    record = queries.by_number(request.actor, number)
    policies.require(policies.can_read_internal, request.actor, record)
    return panel_page(request, record, "impact", "records/_impact.html", {"impact": queries.impact_of(record)})


@allowed(Permission.AUDIT_READ)
@require_safe
def audit(request: ActorRequest, number: str) -> HttpResponse:
    """Every change of every field, for those who may read the audit."""
    record = queries.by_number(request.actor, number)
    if not policies.can_read_audit(request.actor, record):
        raise NotFound(_("No record %(number)s.") % {"number": number})
    return panel_page(request, record, "audit", "records/_audit.html", {"acts": trail(request.actor, record)})
