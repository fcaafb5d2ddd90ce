"""A process as shared pages, lists and steps know it: its table of states, its model, where its pages are."""

from collections.abc import Collection, Iterable, Mapping
from dataclasses import dataclass, field
from datetime import datetime
from functools import cached_property
from typing import Generic, TypeVar

from django.db.models import QuerySet
from django.urls import reverse
from django.utils.translation import gettext as _

from coordination.models import WorkItem
from coordination.queries.work import open_work
from journal.units import hold, holds
from kernel.actor import Actor
from kernel.errors import Conflict, NotFound
from kernel.workflow import Phase, Workflow
from records import commands as records
from records import queries as record_queries
from records.models import ProcessRecord, Record
from records.policies import can_read_internal, is_party

P = TypeVar("P", bound=ProcessRecord)

ROW_NAMES = (
    "record__requester", "record__component", "record__service__component", "record__owner_team", "record__category",
)  # fmt: skip
PAGE_NAMES = (
    *ROW_NAMES, "record__contact_owner", "record__component__type", "record__parent", "record__merged_into",
)  # fmt: skip


@dataclass(frozen=True, kw_only=True)
class Process(Generic[P]):
    """One process. `namespace` is that of its addresses, `area` its place in the frame, `task` its main work.

    `related` are own foreign keys that its pages name; `reasons` what its records may wait for, in words.
    """

    model: type[P]
    workflow: Workflow
    namespace: str
    area: str
    task: str
    related: tuple[str, ...] = ()
    reasons: Mapping[str, str] = field(default_factory=dict)

    @property
    def kind(self) -> str:
        """The kind of its records."""
        return self.workflow.kind

    @cached_property
    def open_states(self) -> frozenset[str]:
        """States in which there is something left to do."""
        return frozenset(state.code for state in self.workflow.states if state.phase != Phase.DONE)

    def url(self, name: str, *args: object) -> str:
        """An address of its own by name."""
        return reverse(f"{self.namespace}:{name}", args=args)

    def page_url(self, subject: P) -> str:
        """The page of one of its records."""
        return self.url("page", subject.record.number)

    def state_words(self, state: str, reason: str = "") -> str:
        """A state in the reader's language, with what it waits for."""
        label = _(self.workflow.state(state).label)
        return f"{label}: {_(self.reasons[reason])}" if reason in self.reasons else label

    # -- finding -------------------------------------------------------------------------------------------------------

    def visible_to(self, actor: Actor) -> QuerySet[P]:
        """Those that the actor may see."""
        return self._rows().filter(record_queries.visible_q(actor, "record__"))

    def by_number(self, actor: Actor, number: str) -> P:
        """The one with that number, with what its page names; NotFound when absent or hidden, alike."""
        rows = self.visible_to(actor).select_related(*PAGE_NAMES, *self.related)
        found = rows.filter(record__number=number.upper()).first()
        if found is None:
            raise NotFound(_("No record %(number)s.") % {"number": number})
        return found

    def by_ids(self, actor: Actor, ids: Iterable[int]) -> list[P]:
        """Those, as far as the actor may see them, in the order of their numbers."""
        rows = self.visible_to(actor).select_related("record__service", "record__owner_team", "record__parent")
        return list(rows.filter(pk__in=list(ids)).order_by("pk"))

    def by_id(self, pk: int) -> P:
        """The one with that id, for sweeps and reactions; DoesNotExist when there is none."""
        return self._rows().select_related("record__service", "record__parent", "record__owner_team").get(pk=pk)

    def of_record(self, record: Record) -> P:
        """The process row of a record at hand, sharing that very object and so its lock."""
        subject = self._rows().get(pk=record.pk)
        subject.record = record
        if record_queries.is_locked(record):
            hold(self.kind, subject.pk, subject)
        return subject

    def _rows(self) -> QuerySet[P]:
        rows: QuerySet[P] = self.model._default_manager.all()  # noqa: SLF001  # the documented manager of any model
        return rows

    # -- who has the work ----------------------------------------------------------------------------------------------

    def work_item(self, record: Record) -> WorkItem | None:
        """The open work item of its main task, with assignee and team; None once the work has ended."""
        return next(iter(open_work(record, self.task)), None)

    def required_work_item(self, record: Record) -> WorkItem:
        """The open work item; Conflict (409) when the work has ended."""
        found = self.work_item(record)
        if found is None:
            message = _("The work on %(number)s has ended. Reopen it first.") % {"number": record.number}
            raise Conflict(message, code="no_open_work")
        return found

    # -- the lock ------------------------------------------------------------------------------------------------------

    def lock(self, *subjects: P, at: datetime) -> datetime:
        """Lock the records in one call, read the own columns again; returns `at` as `records.lock` does."""
        at = records.lock(*(subject.record for subject in subjects), at=at)
        self._read_again(subjects)
        return at

    def lock_family(self, *subjects: P, at: datetime) -> datetime:
        """The same with parents, parts and duplicates; instead of `lock`, never after it."""
        at = records.lock_family(*(subject.record for subject in subjects), at=at)
        self._read_again(subjects)
        return at

    def _read_again(self, subjects: Collection[P]) -> None:
        """Unless this unit has read just these objects since it locked their records."""
        if all(holds(self.kind, subject.pk, subject) for subject in subjects):
            return
        fresh = self._rows().in_bulk([subject.pk for subject in subjects])
        for subject in subjects:
            for name in self._own_columns:
                setattr(subject, name, getattr(fresh[subject.pk], name))
            hold(self.kind, subject.pk, subject)

    @cached_property
    def _own_columns(self) -> list[str]:
        fields = self.model._meta.concrete_fields  # noqa: SLF001  # the documented model Meta API
        return [each.attname for each in fields if not each.primary_key]


def is_own_only(actor: Actor, subject: ProcessRecord) -> bool:
    """Whether the actor is here as its requester or caller, who have a page of their own."""
    return is_party(actor, subject.record) and not can_read_internal(actor, subject.record)
