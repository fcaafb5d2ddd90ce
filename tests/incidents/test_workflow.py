"""The table of states against DOMAIN 4, written out by hand."""

import pytest

from incidents import commands, policies
from incidents.workflow import PENDING_REASONS, WORKFLOW
from kernel.events import known_codes

DIAGRAM = """stateDiagram-v2
  [*] --> new
  new --> assigned: Assign
  assigned --> in_progress: Start
  new --> in_progress: Start
  in_progress --> assigned: Back to the queue
  pending --> assigned: Back to the queue
  assigned --> pending: Hold
  in_progress --> pending: Hold
  pending --> in_progress: Resume
  assigned --> resolved: Resolve
  in_progress --> resolved: Resolve
  new --> resolved: Resolve
  pending --> resolved: Resolve
  resolved --> closed: Close
  closed --> assigned: Reopen
  resolved --> assigned: Reopen
  assigned --> cancelled: Cancel
  in_progress --> cancelled: Cancel
  new --> cancelled: Cancel
  pending --> cancelled: Cancel
  assigned --> cancelled: Same as another
  in_progress --> cancelled: Same as another
  new --> cancelled: Same as another
  pending --> cancelled: Same as another
  cancelled --> [*]"""


def test_the_table_is_sound() -> None:
    assert WORKFLOW.faults() == []


def test_the_table_is_the_one_of_the_domain() -> None:
    assert WORKFLOW.mermaid() == DIAGRAM


def test_pending_has_the_four_reasons_of_the_domain() -> None:
    assert list(PENDING_REASONS) == ["user", "supplier", "change", "visit"]


def test_phases_are_what_clocks_and_queue_read() -> None:
    assert {state.code: state.phase.value for state in WORKFLOW.states} == {
        "new": "new", "assigned": "active", "in_progress": "active", "pending": "waiting", "resolved": "done",
        "closed": "done", "cancelled": "done",
    }  # fmt: skip


def test_every_transition_has_a_command_a_rule_and_an_event() -> None:
    names = {step.name for step in WORKFLOW.transitions}
    assert set(commands.COMMANDS) == names
    assert set(policies.RULES) == names
    assert {f"incident.{name}" for name in names} <= known_codes()


@pytest.mark.parametrize(
    ("state", "buttons"),
    [
        ("new", ["resolve", "cancel", "merge"]),
        ("assigned", ["hold", "resolve", "cancel", "merge"]),
        ("in_progress", ["hold", "resolve", "cancel", "merge"]),
        ("pending", ["resume", "resolve", "cancel", "merge"]),
        ("resolved", ["close", "reopen"]),
        ("closed", ["reopen"]),
        ("cancelled", []),
    ],
)
def test_buttons_of_each_state(state: str, buttons: list[str]) -> None:
    assert [step.name for step in WORKFLOW.from_state(state) if not step.automatic] == buttons
