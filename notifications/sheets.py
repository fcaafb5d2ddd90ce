"""Who is told about what, as a list."""

from collections.abc import Iterable, Mapping, Sequence
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _
from django.utils.translation import gettext_lazy

from accounts.models import Team
from accounts.roles import ROLES, Permission
from kernel.actor import Actor
from kernel.spreadsheets.columns import Column, Given, folded, one_of, row_of, whole, yes_no
from kernel.spreadsheets.planning import PlannedRow
from kernel.spreadsheets.sheets import Key, Sheet, merged
from notifications.commands.manage import save_rule
from notifications.forms import event_choices
from notifications.models import Rule


def _code(row: Any) -> str:
    return row.code if row is not None else ""


def _event(text: str, given: Given) -> str:
    del given
    if text not in dict(event_choices()):
        raise ValueError(_("write the code of an event, as the page of a rule lists them."))
    return text


class RulesSheet(Sheet):
    """Notification rules."""

    code = "notification-rules"
    label = gettext_lazy("Notification rules")
    about = gettext_lazy("Who is told about what, and how.")
    note = gettext_lazy("All columns together make a rule, so a row adds one; a rule ends on its page.")
    edit = Permission.SETTINGS_EDIT
    readers = (Permission.SETTINGS_READ,)
    page = "notifications:rules"
    plain_columns = (
        Column(name="code", about=gettext_lazy("Code of an event"), read=_event, is_key=True, is_needed=True,
               example="record.opened"),
        Column(name="to", about=gettext_lazy("Whom it tells"), read=one_of(Rule.To.values), is_key=True, is_needed=True,
               example="requester"),
        Column(name="channel", about=gettext_lazy("in_app or email"), read=one_of(Rule.Channel.values), is_key=True,
               is_needed=True),
        Column(name="team", about=gettext_lazy("Code of a team, where a team is told"), is_key=True, show=_code,
               read=row_of("team", gettext_lazy("team")), empty=None),
        Column(name="role", about=gettext_lazy("A role, where a role is told"), read=one_of(tuple(ROLES)), is_key=True),
        Column(name="priority_at_most", about=gettext_lazy("For priorities up to, 1 to 4"), read=whole(1, 4),
               is_key=True, empty=4),
        Column(name="is_urgent", about=gettext_lazy("At once, also in quiet hours: true or false"), read=yes_no,
               is_key=True, empty=False),
    )  # fmt: skip

    def known(self, rows: Sequence[Mapping[str, str]], actor: Actor) -> Mapping[str, Mapping[str, Any]]:
        """Teams in use."""
        del rows, actor
        return {"team": {folded(each.code): each for each in Team.objects.filter(retired_at=None)}}

    def all(self, actor: Actor) -> Iterable[Rule]:
        """In force, each once."""
        del actor
        rules = Rule.objects.filter(retired_at=None).select_related("team").order_by("code", "to", "channel", "pk")
        return {self.key_of(rule): rule for rule in rules}.values()

    def find(self, keys: Sequence[Key]) -> Iterable[Rule]:
        """In force; there are few."""
        del keys
        return Rule.objects.filter(retired_at=None).select_related("team")

    def values(self, found: Rule) -> Mapping[str, Any]:
        """The rule."""
        return {column.name: getattr(found, column.name) for column in self.plain_columns}

    def faults(self, row: PlannedRow) -> Iterable[str]:
        """A team or a role is named where the rule speaks of one."""
        to = row.values.get("to")
        if to == Rule.To.TEAM and not row.values.get("team"):
            return [_("Column team: choose the team that is told.")]
        if to == Rule.To.ROLE and not row.values.get("role"):
            return [_("Column role: choose the role that is told.")]
        return ()

    def save(self, row: PlannedRow, *, actor: Actor, at: datetime) -> None:
        """As on the rule's page."""
        save_rule(None, merged(row, self), actor=actor, at=at)
