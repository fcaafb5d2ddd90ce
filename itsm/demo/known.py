"""What the bulk path looks up once instead of once a record: rules, targets, needs, calendars."""

from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property

from accounts.models import User
from accounts.queries import SYSTEM, actor_for
from accounts.queries.actors import people_with_rights
from accounts.roles import Permission
from incidents.queries import rules as incident_rules
from kernel.actor import Actor
from kernel.calendars import WorkingCalendar
from records.models import Record
from registry import queries as registry
from sla.queries import rules as promises
from sla.queries.rules import Now


@dataclass
class Known:
    """One for a whole run: nothing that it holds may change meanwhile."""

    promises: Now = field(default_factory=promises.now)
    matrix: incident_rules.Matrix = field(default_factory=incident_rules.matrix)
    closing: incident_rules.ClosingRules = field(default_factory=incident_rules.closing_rules)
    needs: dict[int, list[int]] = field(default_factory=dict)
    hours: dict[int | None, WorkingCalendar] = field(default_factory=dict)

    @cached_property
    def people(self) -> dict[int, User]:
        """Everybody by id."""
        return {person.pk: person for person in people_with_rights()}

    @cached_property
    def actors(self) -> dict[int, Actor]:
        """Everybody as an actor, by id; 0 is the system."""
        return {0: SYSTEM} | {pk: actor_for(person) for pk, person in self.people.items()}

    def needs_of(self, component_id: int | None) -> list[int]:
        """What work on the component needs."""
        if component_id is None:
            return []
        if component_id not in self.needs:
            self.needs[component_id] = registry.needs_of(component_id)
        return self.needs[component_id]

    def closes_at(self, record: Record, at: datetime) -> datetime:
        """When an incident that was resolved then closes by itself."""
        if record.service_id not in self.hours:
            self.hours[record.service_id] = incident_rules.calendar_of(record, self.closing)
        calendar = self.hours[record.service_id]
        return incident_rules.after_working_days(calendar, at, self.closing.auto_close_working_days)

    def is_answer(self, actor: Actor, record: Record) -> bool:
        """Whether the actor's public words are a first response: staff, not the caller, no machine."""
        is_staff = actor.may_somewhere(Permission.RECORD_COMMENT_INTERNAL)
        return actor.kind == "person" and is_staff and record.requester_id != actor.id
