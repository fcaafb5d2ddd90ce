"""The rules of incidents as an administrator changes them: matrix, closing and reopening."""

from collections.abc import Mapping
from datetime import datetime

from django.db import connection
from django.utils.translation import gettext as _

from accounts.commands.settings import change_setting
from accounts.policies import require
from accounts.roles import Permission
from incidents import events
from incidents.models import MatrixCell
from incidents.queries import rules
from journal import commands as journal
from journal.units import command, forget_version
from kernel.actor import Actor
from kernel.errors import Stale, Unprocessable

MATRIX_LOCK = 0x3A7A1C5
WORKING_DAYS, CALENDAR_DAYS = range(1, 61), range(1, 366)


@command
def set_matrix(
    cells: Mapping[tuple[int, int], int], *, seen: Mapping[tuple[int, int], int], actor: Actor, at: datetime
) -> int:
    """Set all sixteen priorities; returns how many changed. Only new assessments follow, no open incident moves.

    Stale (409) when the matrix is no longer the one that was seen.
    """
    require(actor, Permission.SETTINGS_EDIT)
    with connection.cursor() as cursor:
        cursor.execute("SELECT pg_advisory_xact_lock(%s)", [MATRIX_LOCK])
    forget_version(rules.MATRIX_SUBJECT[0])
    now = rules.matrix()
    if dict(seen) != dict(now):
        raise Stale(_("Somebody else has changed the matrix meanwhile. Load the page again, then change it."))
    if set(cells) != set(now) or not set(cells.values()) <= set(rules.SCALE):
        raise Unprocessable(_("The matrix has sixteen cells, each with a priority from 1 to 4."))
    changed = {cell: priority for cell, priority in cells.items() if now[cell] != priority}
    for (impact, urgency), priority in changed.items():
        MatrixCell.objects.update_or_create(impact=impact, urgency=urgency, defaults={"priority": priority})
    if changed:
        told = {f"{impact},{urgency}": [now[impact, urgency], new] for (impact, urgency), new in changed.items()}
        journal.note(rules.MATRIX_SUBJECT, events.MATRIX_CHANGED, actor=actor, at=at, changed=told)
    return len(changed)


@command
def set_closing_rules(wanted: rules.ClosingRules, *, seen: int, actor: Actor, at: datetime) -> None:
    """Change when resolved incidents close by themselves and how long they may be reopened; new ones follow."""
    fields: dict[str, list[str]] = {}
    if wanted.auto_close_working_days not in WORKING_DAYS:
        fields["auto_close_working_days"] = [_("Choose 1 to 60 working days.")]
    if wanted.reopen_calendar_days not in CALENDAR_DAYS:
        fields["reopen_calendar_days"] = [_("Choose 1 to 365 days.")]
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)
    change_setting(rules.RULES_KEY, wanted, seen=seen, actor=actor, at=at)
