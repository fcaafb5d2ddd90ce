"""The filter that every list of records has, for page, exports, bulk verbs and API; a process adds its own."""

from datetime import datetime
from typing import Any, ClassVar

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.models import WorkItem
from kernel.actor import Actor
from kernel.workflow import Workflow
from processes.process import Process
from processes.rows import OPEN_ONLY, has_words, promise_is
from records.queries import internal_q

PROMISES = [("breach", _("Overdue")), ("risk", _("Due soon")), ("paused", _("Paused"))]
READ_BY_ALL = frozenset({"q", "state", "priority", "caller", "opened_from", "opened_to"})
"""What the list shows of an own record that others handle. No other condition may confirm anything about it
(ARCHITECTURE 8: hints only from what you see); one that a process adds is kept from it as well."""


def states_of(workflow: Workflow) -> list[tuple[str, Any]]:
    """The states as choices, open ones and all first."""
    own = [(state.code, _(state.label)) for state in workflow.states]
    return [("open", _("Open")), ("all", _("All")), *own]


class RecordFilter(django_filters.FilterSet):
    """Conditions by name; unknown values are left out, never an error. Open records unless a state is asked for.

    A process sets `process`, `state = state_filter(WORKFLOW)` and `CONDITIONS`, the names that may be written as words
    too: `sla:breach team:network`.
    """

    process: ClassVar[Process[Any]]
    CONDITIONS: ClassVar[tuple[str, ...]] = ("state", "priority", "sla", "team", "service", "component", "category",
                                             "assignee", "caller", "site", "tag")  # fmt: skip

    q = django_filters.CharFilter(method="words", label=_("Words"))
    priority = django_filters.MultipleChoiceFilter(
        field_name="record__priority", choices=[(n, f"P{n}") for n in range(1, 5)], label=_("Priority"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    sla = django_filters.ChoiceFilter(choices=PROMISES, method="by_promise", label=_("Promise"))
    team = django_filters.CharFilter(field_name="record__owner_team__code", label=_("Team"))
    service = django_filters.CharFilter(field_name="record__service__code", label=_("Service"))
    component = django_filters.CharFilter(field_name="record__component__tag", label=_("Component"))
    category = django_filters.CharFilter(field_name="record__category__code", label=_("Category"))
    site = django_filters.CharFilter(field_name="record__requester__location", lookup_expr="iexact", label=_("Site"))
    assignee = django_filters.CharFilter(method="by_assignee", label=_("Has the work"))
    caller = django_filters.NumberFilter(field_name="record__requester", label=_("Caller"))
    tag = django_filters.CharFilter(method="by_tag", label=_("Tags"))
    opened_from = django_filters.DateFilter(field_name="record__opened_at", lookup_expr="date__gte", label=_("From"))
    opened_to = django_filters.DateFilter(field_name="record__opened_at", lookup_expr="date__lte", label=_("To"))

    def __init__(self, data: Any, *, actor: Actor, at: datetime, **kwargs: Any) -> None:
        """`at` is the moment that promises are judged by."""
        self.actor, self.at = actor, at
        super().__init__(_spelled_out(data, self.CONDITIONS), **kwargs)

    def filter_queryset(self, queryset: QuerySet[Any]) -> QuerySet[Any]:
        """Open ones unless a state is asked for. Own records that others handle are asked by what their page shows."""
        if self._tells():
            queryset = queryset.filter(internal_q(self.actor, "record__"))
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(OPEN_ONLY)
        found: QuerySet[Any] = super().filter_queryset(queryset)
        return found

    def _tells(self) -> bool:
        """Whether a condition asks for something that a requester does not read of an own record."""
        asked = {name for name, value in self.form.cleaned_data.items() if value not in (None, "", [])}
        if self.form.cleaned_data.get("assignee") == "me":  # what one has oneself is no secret
            asked.discard("assignee")
        return bool(asked - READ_BY_ALL)

    def words(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Words of title, number, description, component and requester, as the search box finds them."""
        return rows.filter(has_words(self.process, value))

    def by_state(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """One state, all open ones, or all."""
        if value == "all":
            return rows
        return rows.filter(OPEN_ONLY if value == "open" else Q(record__state=value))

    def by_promise(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Overdue, due soon or paused at this moment."""
        return rows.filter(promise_is(value, self.at))

    def by_assignee(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """me, none, or a person's id: who has the open work."""
        work = WorkItem.objects.filter(
            record__kind=self.process.kind, task=self.process.task, state__in=("assigned", "in_progress", "waiting")
        )
        if value == "none":
            return rows.filter(OPEN_ONLY).exclude(pk__in=work.exclude(assignee=None).values("record"))
        person = self.actor.id if value == "me" else int(value) if value.isdecimal() and len(value) < 10 else 0
        return rows.filter(pk__in=work.filter(assignee=person).values("record"))

    def by_tag(self, rows: QuerySet[Any], _name: str, value: str) -> QuerySet[Any]:
        """Carries the tag."""
        return rows.filter(tags__contains=[value.strip().casefold()])


def state_filter(workflow: Workflow) -> django_filters.ChoiceFilter:
    """The condition on the state of a process."""
    return django_filters.ChoiceFilter(
        choices=states_of(workflow), method="by_state", label=_("State"), empty_label=_("Open ones")
    )


def _spelled_out(data: Any, names: tuple[str, ...]) -> Any:
    """`q=vpn sla:breach` is `q=vpn` and `sla=breach`; words that name no condition stay words."""
    text = (data or {}).get("q", "")
    if ":" not in text:
        return data
    query, words = data.copy(), []
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and value and name in names:
            query.appendlist(name, value)
        else:
            words.append(word)
    query["q"] = " ".join(words)
    return query
