"""The address that takes everything out; apart from the other pages, which need no table."""

from django.http import StreamingHttpResponse
from django.views.decorators.http import require_POST

from accounts import commands as accounts
from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from itsm.export import everything
from journal.units import door


@require_POST
@allowed(Permission.EXPORT_ALL)
def export_everything(request: ActorRequest) -> StreamingHttpResponse:
    """Every table and file in one ZIP file, as it is read; no confidential records of others."""
    with door(request.actor) as at:
        accounts.note_export("everything", form="zip", actor=request.actor, at=at)
    name = f"spindel-{at:%Y-%m-%d-%H%M}.zip"
    headers = {"Content-Disposition": f'attachment; filename="{name}"'}
    return StreamingHttpResponse(everything(request.actor, at), content_type="application/zip", headers=headers)
