"""Versions of escalation steps and of pause rules: each change keeps one, and an earlier one comes into force again."""

from collections.abc import Iterator
from contextlib import contextmanager
from datetime import datetime

from accounts.commands.settings import change_setting
from accounts.queries import SYSTEM, setting_version
from journal import commands as journal
from journal.units import command
from kernel.actor import Actor
from sla import events, policies
from sla.commands.replan import Cause, ask, lock_rules
from sla.models import EscalationStep, PauseRule
from sla.queries.versions import COLUMNS, STEPS, in_force, listed

Row = EscalationStep | PauseRule


@contextmanager
def kept(key: str, *, seen: int | None = None, actor: Actor, at: datetime) -> Iterator[None]:
    """Keep what is in force after the block as a new version, and before the first one what was there until then.

    Stale (409) unless `seen`, where given, is the newest version.
    """
    lock_rules()
    if not setting_version(key) and (before := in_force(key)).rows:
        change_setting(key, before, seen=seen, actor=SYSTEM, at=at)
        seen = None if seen is None else 1
    yield
    change_setting(key, in_force(key), seen=seen, actor=actor, at=at)


@command
def restore(key: str, version: int, *, seen: int | None = None, actor: Actor, at: datetime) -> None:
    """Put the steps or pause rules of an earlier version in force again, as a new version; the others retire.

    Running clocks follow other pause rules within seconds and keep their steps. NotFound for a version that never was.
    """
    policies.require_edit(actor)
    with kept(key, seen=seen, actor=actor, at=at):
        wanted = {row["id"]: row for row in listed(key, version)}
        rows: list[Row] = list((EscalationStep if key == STEPS else PauseRule).objects.order_by("pk"))
        for row in rows:
            for name in COLUMNS[key] if row.pk in wanted else ():
                setattr(row, name, wanted[row.pk][name])
            row.retired_at = None if row.pk in wanted else row.retired_at or at
            row.save()
    request = ask(Cause.RULES, is_locked=True, actor=actor, at=at)
    journal.note(
        ("sla_rules", 0), events.RULES_CHANGED, actor=actor, at=at, what=key, restored=version, version=request.pk
    )  # fmt: skip
