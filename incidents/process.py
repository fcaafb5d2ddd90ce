"""Incidents as shared pages, lists and steps know them."""

from incidents.models import Incident
from incidents.workflow import PENDING_REASONS, TASK, WORKFLOW
from processes.process import Process

INCIDENTS = Process(
    model=Incident, workflow=WORKFLOW, namespace="incidents", area="calls", task=TASK,
    related=("major_leader", "resolved_by"), reasons=PENDING_REASONS,
)  # fmt: skip
