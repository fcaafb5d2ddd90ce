"""The life of a work item as data (DOMAIN 4), its sizes and the reasons people give. Labels are message ids."""

from kernel.workflow import gettext_noop

OPEN = ("queued", "planned", "assigned", "in_progress", "waiting")
"""States in which somebody still has to do something."""

UNASSIGNED = ("queued", "planned")
HELD = ("assigned", "in_progress")
"""States that fill one of a person's places (work in progress)."""

WITH_SOMEBODY = (*HELD, "waiting")

LABELS = {
    "queued": gettext_noop("Queued"),
    "planned": gettext_noop("Planned"),
    "assigned": gettext_noop("Assigned"),
    "in_progress": gettext_noop("In progress"),
    "waiting": gettext_noop("Waiting"),
    "done": gettext_noop("Done"),
    "cancelled": gettext_noop("Cancelled"),
}

TASKS = {"resolve": gettext_noop("Resolve")}
"""Task words that a process uses when it offers work."""

SIZES = {"S": 60, "M": 240, "L": 960}
"""Estimate in minutes of a size (ARCHITECTURE 7)."""

PARKED = "parked"
"""The waiting reason of a work item that a major incident interrupted; nobody chooses it."""

WAITING_REASONS = {
    "user": gettext_noop("Waiting for the user"),
    "supplier": gettext_noop("Waiting for a supplier"),
    "change": gettext_noop("Waiting for a change"),
    "visit": gettext_noop("Waiting for a visit"),
    PARKED: gettext_noop("Interrupted by a major incident"),
}

RELEASE_REASONS = {
    "competence": gettext_noop("It needs another competence"),
    "shift_end": gettext_noop("My shift ends"),
    "no_time": gettext_noop("I have no time for it in its promise"),
    "site": gettext_noop("I am at another site"),
    "other": gettext_noop("Another reason"),
}

ACCOUNT_OFF = "account_off"
"""The release reason of work whose assignee's account was switched off; nobody chooses it."""

SKIP_REASONS = {
    "competence": gettext_noop("Not my competence"),
    "part": gettext_noop("Waiting for a part"),
    "conflict": gettext_noop("Conflict of interest"),
    "pair": gettext_noop("Needs two people"),
    "other": gettext_noop("Another reason"),
}
"""The five of UX 3.6; they feed the review of the rules, not a league table."""
