"""Components from a spreadsheet: first the plan with every difference and every fault, then the same plan applied."""

import hashlib
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field
from datetime import datetime
from typing import Any

from django.utils.translation import gettext as _

from accounts.models import Team, User
from accounts.policies import require
from accounts.roles import Permission
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Refused, Stale, Unprocessable
from registry.commands.component import checked_fields, save_component
from registry.models import Component, ComponentType, Location

MOST_ROWS = 5_000
PLAIN = ("tag", "name", "type", "status", "owner_team", "location", "holder", "criticality", "serial")


@dataclass(slots=True)
class PlannedRow:
    """One row: its line in the file, what would happen (add, change, same, fault), differences and faults."""

    line: int
    tag: str
    verdict: str = "same"
    differences: list[tuple[str, str, str]] = field(default_factory=list)
    faults: list[str] = field(default_factory=list)
    component: Component | None = None
    values: dict[str, Any] = field(default_factory=dict)


@dataclass(slots=True)
class Plan:
    """What an import would do, and the counts of it."""

    rows: list[PlannedRow]

    @property
    def digest(self) -> str:
        """What the plan would do, in a few letters: another one means that the registry or the rows have changed."""
        told = [(row.tag, row.verdict, row.differences, row.component.version if row.component else 0)
                for row in self.rows]  # fmt: skip
        return hashlib.sha256(repr(told).encode()).hexdigest()[:16]

    def count(self, verdict: str) -> int:
        """How many rows have this verdict."""
        return sum(1 for row in self.rows if row.verdict == verdict)


@dataclass(slots=True)
class _Known:
    types: dict[str, ComponentType]
    teams: dict[str, Team]
    locations: dict[str, Location]
    people: dict[str, User]
    components: dict[str, Component]


def plan_import(rows: Sequence[Mapping[str, str]], *, actor: Actor) -> Plan:
    """Read rows (column name → text, `tag` identifies) and say what each would do. Changes nothing."""
    require(actor, Permission.REGISTRY_EDIT)
    if len(rows) > MOST_ROWS:
        raise Unprocessable(_("The file has more than %(most)s rows. Split it.") % {"most": MOST_ROWS})
    if rows and "tag" not in rows[0]:
        raise Unprocessable(_("The file needs a column named tag: it says which component a row is about."))
    known = _known(rows)
    seen: set[str] = set()
    return Plan([_plan_row(number, row, known, seen) for number, row in enumerate(rows, start=2)])


def _known(rows: Sequence[Mapping[str, str]]) -> _Known:
    tags = {row.get("tag", "").strip() for row in rows}
    people = {row.get("holder", "").strip().lower() for row in rows} - {""}
    components = Component.objects.filter(tag__in=tags).select_related("type", "owner_team", "location", "holder")
    return _Known(
        types={each.code: each for each in ComponentType.objects.filter(retired_at=None)},
        teams={each.code: each for each in Team.objects.filter(retired_at=None)},
        locations={each.code: each for each in Location.objects.filter(retired_at=None)},
        people={(each.email or "").lower(): each for each in User.objects.filter(email__in=people)},
        components={each.tag: each for each in components},
    )


def _plan_row(number: int, row: Mapping[str, str], known: _Known, seen: set[str]) -> PlannedRow:
    planned = PlannedRow(number, row.get("tag", "").strip())
    planned.component = known.components.get(planned.tag)
    if not planned.tag:
        planned.faults.append(_("The tag is missing."))
    elif planned.tag in seen:
        planned.faults.append(_("The tag occurs twice in the file."))
    seen.add(planned.tag)
    _read_values(planned, row, known)
    if planned.faults:
        planned.verdict = "fault"
    elif planned.component is None:
        planned.verdict = "add"
    else:
        planned.differences = _differences(planned.component, planned.values)
        planned.verdict = "change" if planned.differences else "same"
    return planned


def _read_values(planned: PlannedRow, row: Mapping[str, str], known: _Known) -> None:
    if planned.component is None:
        for needed in ("name", "type"):
            if not row.get(needed, "").strip():
                planned.faults.append(_("A new component needs a %(column)s.") % {"column": needed})
    lookups: dict[str, Mapping[str, Any]] = {
        "type": known.types, "owner_team": known.teams, "location": known.locations, "holder": known.people,
    }  # fmt: skip
    for name in PLAIN:
        text = row.get(name, "").strip()
        if not text:
            continue
        if name in lookups:
            found = lookups[name].get(text.lower() if name == "holder" else text)
            if found is None:
                planned.faults.append(_("%(column)s: nothing is called %(text)s.") % {"column": name, "text": text})
            planned.values[name] = found
        else:
            planned.values[name] = _plain(planned, name, text)
    _read_own_fields(planned, row)


def _plain(planned: PlannedRow, name: str, text: str) -> Any:
    if name == "criticality":
        if text not in ("1", "2", "3", "4"):
            planned.faults.append(_("criticality must be 1, 2, 3 or 4."))
            return 3
        return int(text)
    if name == "status" and text not in Component.Status.values:
        planned.faults.append(_("status must be one of: %(all)s.") % {"all": ", ".join(Component.Status.values)})
    return text[:160]


def _read_own_fields(planned: PlannedRow, row: Mapping[str, str]) -> None:
    kind = planned.values.get("type") or (planned.component.type if planned.component else None)
    if kind is None:
        return
    own = {each["key"] for each in kind.fields}
    given = {key: text for key, text in row.items() if key in own and text.strip()}
    before = planned.component.fields if planned.component else {}
    try:
        fields = checked_fields(kind, {**before, **given})
    except Unprocessable as refused:
        planned.faults += [message for messages in refused.fields.values() for message in messages]
        return
    if fields != before:
        planned.values["fields"] = fields


def _differences(component: Component, values: dict[str, Any]) -> list[tuple[str, str, str]]:
    found = []
    for name, value in values.items():
        before = getattr(component, name)
        if name == "fields":
            found += [(k, str(before.get(k, "")), str(v)) for k, v in value.items() if before.get(k) != v]
        elif before != value:
            found.append((name, str(before or ""), str(value or "")))
    return found


@command
def apply_import(rows: Sequence[Mapping[str, str]], *, seen: str = "", actor: Actor, at: datetime) -> Plan:
    """Do what the plan says, all rows or none: a file with faults changes nothing.

    `seen` is the digest of the plan that was looked at: Stale (409) when it would do something else by now.
    """
    known = sorted({row.get("tag", "").strip() for row in rows})
    list(Component.objects.select_for_update(no_key=True).filter(tag__in=known).order_by("pk").values_list("pk"))
    plan = plan_import(rows, actor=actor)
    if seen and seen != plan.digest:
        raise Stale(_("The rows or the components have changed since you looked. Here is what would happen now."))
    if plan.count("fault"):
        raise Unprocessable(_("Some rows have faults. Mend them in the file, then import it again."))
    for row in plan.rows:
        if row.verdict in ("add", "change"):
            try:
                save_component(row.component, {"tag": row.tag, **row.values}, actor=actor, at=at)
            except Refused as refused:
                text = _("Line %(line)s: %(reason)s") % {"line": row.line, "reason": refused.message}
                raise Unprocessable(text) from refused
    return plan
