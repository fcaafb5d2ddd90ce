"""Facts of an incident beside those of every record, as its side panel shows them."""

from dataclasses import dataclass

from django.utils.translation import gettext
from django.utils.translation import gettext_lazy as _

from coordination.models import WorkItem
from incidents.models import Cause, Incident
from incidents.queries import rules

LABELS = {"workaround": _("Workaround"), "tags": _("Tags"), "supplier_reference": _("Supplier's reference")}
EDITABLE = tuple(LABELS)
"""Own columns that are changed in place, each by itself; the others change by steps."""


@dataclass(frozen=True, slots=True)
class Fact:
    """One line: a name, its value in words; `step` or `field` says by what it is changed, empty: by nothing here."""

    name: str
    label: str
    value: str
    step: str = ""
    field: str = ""


def own_facts(incident: Incident, item: WorkItem | None, *, is_internal: bool) -> list[Fact]:
    """Impact, urgency, line, who has the work, cause: what a reader of the incident may know."""
    facts = [
        Fact("impact", gettext("Impact"), str(rules.IMPACTS[incident.impact]), step="prioritise"),
        Fact("urgency", gettext("Urgency"), str(rules.URGENCIES[incident.urgency]), step="prioritise"),
    ]
    if incident.is_priority_overridden:
        facts.append(Fact("overridden", gettext("Priority because"), incident.priority_reason, step="prioritise"))
    if not is_internal:
        return facts
    facts += [
        Fact("nature", gettext("What it is"), str(Incident.Nature(incident.nature).label)),
        Fact("assignee", gettext("Has the work"), _who(item), step="give" if item is not None else ""),
        Fact("line", gettext("Line"), _line(incident), step="escalate"),
        Fact(
            "supplier_reference",
            str(LABELS["supplier_reference"]),
            incident.supplier_reference,
            field="supplier_reference",
        ),
        Fact("workaround", str(LABELS["workaround"]), incident.workaround, field="workaround"),
        Fact("tags", str(LABELS["tags"]), ", ".join(incident.tags), field="tags"),
    ]
    if incident.cause:
        facts.append(Fact("cause", gettext("Cause"), str(Cause(incident.cause).label)))
    return facts


def _who(item: WorkItem | None) -> str:
    if item is None:
        return gettext("nobody: the work has ended")
    if item.assignee is None:
        return (
            gettext("nobody yet: it is in the queue")
            if item.is_routed
            else gettext("nobody yet: it waits to be routed")
        )
    return item.assignee.name


def _line(incident: Incident) -> str:
    words = {"desk": gettext("first line: the desk"), "operations": gettext("second line: technical operations")}
    return words.get(incident.line) or gettext("third line: %(supplier)s") % {"supplier": incident.supplier}
