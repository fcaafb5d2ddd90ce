"""States and transitions of an incident, exactly those of DOMAIN 4."""

from kernel.workflow import Phase, State, Transition, Workflow, gettext_noop

NEW, ASSIGNED, IN_PROGRESS, PENDING = "new", "assigned", "in_progress", "pending"
RESOLVED, CLOSED, CANCELLED = "resolved", "closed", "cancelled"
OPEN = frozenset({NEW, ASSIGNED, IN_PROGRESS, PENDING})

PENDING_REASONS = {
    "user": gettext_noop("the user"),
    "supplier": gettext_noop("a supplier"),
    "change": gettext_noop("a change"),
    "visit": gettext_noop("a visit"),
}
"""What a pending incident waits for; the only reasons there are (DOMAIN 4)."""

TASK = "resolve"
"""The work item's task word: one open work item of this task for every open incident."""

WORKFLOW = Workflow(
    kind="incident",
    prefix="INC",
    label=gettext_noop("Incident"),
    initial=NEW,
    states=(
        State(NEW, gettext_noop("New"), Phase.NEW),
        State(ASSIGNED, gettext_noop("Assigned"), Phase.ACTIVE),
        State(IN_PROGRESS, gettext_noop("In progress"), Phase.ACTIVE),
        State(PENDING, gettext_noop("Pending"), Phase.WAITING),
        State(RESOLVED, gettext_noop("Resolved"), Phase.DONE),
        State(CLOSED, gettext_noop("Closed"), Phase.DONE),
        State(CANCELLED, gettext_noop("Cancelled"), Phase.DONE),
    ),
    transitions=(
        Transition("assign", gettext_noop("Assign"), frozenset({NEW}), ASSIGNED, "work.assign", automatic=True),
        Transition(
            "start", gettext_noop("Start"), frozenset({NEW, ASSIGNED}), IN_PROGRESS, "incident.work", automatic=True
        ),
        Transition(
            "release", gettext_noop("Back to the queue"), frozenset({IN_PROGRESS, PENDING}), ASSIGNED, "incident.work",
            automatic=True,
        ),
        Transition(
            "hold", gettext_noop("Hold"), frozenset({ASSIGNED, IN_PROGRESS}), PENDING, "incident.work",
            needs=("reason",), key="h",
        ),
        Transition("resume", gettext_noop("Resume"), frozenset({PENDING}), IN_PROGRESS, "incident.work", key="h"),
        Transition(
            "resolve", gettext_noop("Resolve"), OPEN, RESOLVED, "incident.work",
            needs=("cause", "resolution", "tell_callers"), key="r",
        ),
        Transition("close", gettext_noop("Close"), frozenset({RESOLVED}), CLOSED, "incident.close"),
        Transition(
            "reopen", gettext_noop("Reopen"), frozenset({RESOLVED, CLOSED}), ASSIGNED, "incident.work",
            needs=("reason",),
        ),
        Transition("cancel", gettext_noop("Cancel"), OPEN, CANCELLED, "incident.work", needs=("reason",)),
        Transition(
            "merge", gettext_noop("Same as another"), OPEN, CANCELLED, "incident.work", needs=("target",),
        ),
    ),
)  # fmt: skip
