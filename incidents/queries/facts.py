"""Facts of an incident beside those of every record, as its side panel shows them."""

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.models import WorkItem
from incidents.models import Cause, Incident
from incidents.queries import rules
from processes.details import Detail
from processes.facts import OwnFact, who_has

DETAILS = {
    "workaround": Detail(label=_("Workaround"), rows=3, longest=20_000),
    "tags": Detail(label=_("Tags"), is_tags=True),
    "supplier_reference": Detail(label=_("Supplier's reference"), longest=80),
}
"""Own columns that are changed in place, each by itself; the others change by steps."""


def own_facts(incident: Incident, item: WorkItem | None, *, is_internal: bool) -> list[OwnFact]:
    """Impact, urgency, line, who has the work, cause: what a reader of the incident may know."""
    facts = [
        OwnFact("impact", gettext("Impact"), str(rules.IMPACTS[incident.impact]), step="prioritise"),
        OwnFact("urgency", gettext("Urgency"), str(rules.URGENCIES[incident.urgency]), step="prioritise"),
    ]
    if incident.is_priority_overridden:
        facts.append(OwnFact("overridden", gettext("Priority because"), incident.priority_reason, step="prioritise"))
    if not is_internal:
        return facts
    facts += [
        OwnFact("nature", gettext("What it is"), str(Incident.Nature(incident.nature).label)),
        OwnFact("assignee", gettext("Has the work"), who_has(item), step="give" if item is not None else ""),
        OwnFact("line", gettext("Line"), _line(incident), step="escalate"),
        OwnFact(
            "supplier_reference",
            str(DETAILS["supplier_reference"].label),
            incident.supplier_reference,
            field="supplier_reference",
        ),
        OwnFact("workaround", str(DETAILS["workaround"].label), incident.workaround, field="workaround"),
        OwnFact("tags", str(DETAILS["tags"].label), ", ".join(incident.tags), field="tags"),
    ]
    if incident.cause:
        facts.append(OwnFact("cause", gettext("Cause"), str(Cause(incident.cause).label)))
    return facts


def _line(incident: Incident) -> str:
    words = {"desk": gettext("first line: the desk"), "operations": gettext("second line: technical operations")}
    return words.get(incident.line) or gettext("third line: %(supplier)s") % {"supplier": incident.supplier}
