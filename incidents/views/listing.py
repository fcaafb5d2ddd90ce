"""The list of incidents: its columns, tabs and bulk verbs."""

from collections.abc import Sequence

from django.http import HttpResponse, StreamingHttpResponse
from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy
from django.views.decorators.http import require_GET, require_POST

from accounts.doors import ActorRequest, allowed
from accounts.roles import Permission
from incidents.filters import IncidentFilter
from incidents.forms.listing import BULK_VERBS
from incidents.queries.listing import LISTED
from kernel.pages import Column
from processes import bulk, lists
from processes.listing import COLUMNS, RecordList

READERS = (Permission.INCIDENT_WORK, Permission.INCIDENT_LOG, Permission.RECORD_SEE_ALL)
CHANGERS = (Permission.INCIDENT_WORK, Permission.WORK_ASSIGN, Permission.INCIDENT_CLOSE)


def _tabs() -> Sequence[tuple[str, str]]:
    return [
        (_("Open"), "state=open"), (_("Mine"), "assignee=me"), (_("In the queue"), "assignee=none"),
        (_("Overdue"), "sla=breach"), (_("Major"), "major=true"), (_("All"), "state=all&sort=-opened"),
    ]  # fmt: skip


LIST = RecordList(
    name="incidents", label=gettext_lazy("Incidents"), listed=LISTED, filters=IncidentFilter,
    columns=(
        *COLUMNS,
        Column("callers", gettext_lazy("Callers"), is_sortable=True, is_optional=True, css="fit numeric"),
    ),
    shown=("state", "priority", "sla", "line"), tabs=_tabs, verbs=BULK_VERBS,
    nothing=gettext_lazy("Nothing is open."), example=gettext_lazy("vpn sla:breach team:network"),
    new={"url_name": "incidents:new", "label": gettext_lazy("New call"), "icon": "call",
         "permission": Permission.INCIDENT_LOG},
)  # fmt: skip


@allowed(*READERS)
@require_GET
def incidents(request: ActorRequest) -> HttpResponse:
    """Fifty incidents by filter and sort, with saved views as tabs."""
    return lists.page(request, LIST)


@allowed(Permission.EXPORT)
@require_GET
def as_csv(request: ActorRequest) -> StreamingHttpResponse:
    """The whole filtered list as CSV."""
    return lists.as_csv(request, LIST)


@allowed(Permission.EXPORT)
@require_GET
def as_xlsx(request: ActorRequest) -> HttpResponse:
    """The whole filtered list as an Excel workbook."""
    return lists.as_xlsx(request, LIST)


@allowed(*CHANGERS)
@require_POST
def bulk_verb(request: ActorRequest) -> HttpResponse:
    """One verb for the ticked incidents, or for all that match."""
    return bulk.bulk(request, LIST)


@allowed(*CHANGERS)
@require_POST
def bulk_undo(request: ActorRequest) -> HttpResponse:
    """Take back what a bulk verb did, row by row."""
    return bulk.bulk_undo(request, LIST)
