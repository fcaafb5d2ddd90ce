"""One filter of incidents for the list, its exports, bulk verbs and the API."""

from datetime import datetime
from typing import Any

import django_filters
from django import forms
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from coordination.models import WorkItem
from incidents.models import Cause, Incident
from incidents.queries import listing
from incidents.workflow import OPEN, TASK, WORKFLOW
from kernel.actor import Actor

STATES = [("open", _("Open")), ("all", _("All")), *((state.code, _(state.label)) for state in WORKFLOW.states)]
LINES = [
    (Incident.Line.DESK.value, _("first line: the desk")),
    (Incident.Line.OPERATIONS.value, _("second line: technical operations")),
    (Incident.Line.SUPPLIER.value, _("third line: a supplier")),
]
CHANNELS = [
    (Incident.Channel.PHONE.value, _("Phone")), (Incident.Channel.PORTAL.value, _("Portal")),
    (Incident.Channel.EMAIL.value, _("E-mail")), (Incident.Channel.CHAT.value, _("Chat")),
    (Incident.Channel.ALERT.value, _("Alert")), (Incident.Channel.WALK_IN.value, _("Walk-in")),
]  # fmt: skip
PROMISES = [("breach", _("Overdue")), ("risk", _("Due soon")), ("paused", _("Paused"))]
CONDITIONS = ("state", "priority", "sla", "team", "service", "component", "category", "assignee", "caller", "tag",
              "line", "cause", "channel", "nature", "major", "site", "parent")  # fmt: skip
"""Filters that may be written as words too: `sla:breach team:network`."""


class IncidentFilter(django_filters.FilterSet):
    """Conditions by name; unknown values are left out, never an error. Open incidents unless a state is asked for."""

    q = django_filters.CharFilter(method="words", label=_("Words"))
    state = django_filters.ChoiceFilter(choices=STATES, method="by_state", label=_("State"), empty_label=_("Open ones"))
    priority = django_filters.MultipleChoiceFilter(
        field_name="record__priority", choices=[(n, f"P{n}") for n in range(1, 5)], label=_("Priority"),
        widget=forms.CheckboxSelectMultiple,
    )  # fmt: skip
    sla = django_filters.ChoiceFilter(choices=PROMISES, method="by_promise", label=_("Promise"))
    line = django_filters.ChoiceFilter(choices=LINES, label=_("Line"))
    team = django_filters.CharFilter(field_name="record__owner_team__code", label=_("Team"))
    service = django_filters.CharFilter(field_name="record__service__code", label=_("Service"))
    component = django_filters.CharFilter(field_name="record__component__tag", label=_("Component"))
    category = django_filters.CharFilter(field_name="record__category__code", label=_("Category"))
    site = django_filters.CharFilter(field_name="record__requester__location", lookup_expr="iexact", label=_("Site"))
    assignee = django_filters.CharFilter(method="by_assignee", label=_("Has the work"))
    caller = django_filters.NumberFilter(field_name="record__requester", label=_("Caller"))
    tag = django_filters.CharFilter(method="by_tag", label=_("Tags"))
    cause = django_filters.ChoiceFilter(choices=Cause.choices, label=_("Cause"))
    nature = django_filters.ChoiceFilter(choices=Incident.Nature.choices, label=_("What it is"))
    channel = django_filters.ChoiceFilter(choices=CHANNELS, label=_("How it came"))
    major = django_filters.BooleanFilter(field_name="is_major", label=_("Major incident"))
    parent = django_filters.CharFilter(field_name="record__parent__number", lookup_expr="iexact", label=_("Part of"))
    opened_from = django_filters.DateFilter(field_name="record__opened_at", lookup_expr="date__gte", label=_("From"))
    opened_to = django_filters.DateFilter(field_name="record__opened_at", lookup_expr="date__lte", label=_("To"))

    class Meta:
        model = Incident
        fields: list[str] = []

    def __init__(self, data: Any, *, actor: Actor, at: datetime, **kwargs: Any) -> None:
        """`at` is the moment that promises are judged by."""
        self.actor, self.at = actor, at
        super().__init__(_spelled_out(data), **kwargs)

    def filter_queryset(self, queryset: QuerySet[Incident]) -> QuerySet[Incident]:
        """Open ones unless a state is asked for."""
        if not self.form.cleaned_data.get("state"):
            queryset = queryset.filter(listing.OPEN_ONLY)
        found: QuerySet[Incident] = super().filter_queryset(queryset)
        return found

    def words(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """Words of title, number, description, component and requester, as the search box finds them."""
        return rows.filter(listing.has_words(value))

    def by_state(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """One state, all open ones, or all."""
        if value == "all":
            return rows
        return rows.filter(listing.OPEN_ONLY if value == "open" else Q(record__state=value))

    def by_promise(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """Overdue, due soon or paused at this moment."""
        return rows.filter(listing.promise_is(value, self.at))

    def by_assignee(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """me, none, or a person's id: who has the open work."""
        work = WorkItem.objects.filter(task=TASK, state__in=("assigned", "in_progress", "waiting"))
        if value == "none":
            return rows.filter(record__state__in=OPEN).exclude(pk__in=work.exclude(assignee=None).values("record"))
        person = self.actor.id if value == "me" else int(value) if value.isdecimal() and len(value) < 10 else 0
        return rows.filter(pk__in=work.filter(assignee=person).values("record"))

    def by_tag(self, rows: QuerySet[Incident], _name: str, value: str) -> QuerySet[Incident]:
        """Carries the tag."""
        return rows.filter(tags__contains=[value.strip().casefold()])


def _spelled_out(data: Any) -> Any:
    """`q=vpn sla:breach` is `q=vpn` and `sla=breach`; words that name no condition stay words."""
    text = (data or {}).get("q", "")
    if ":" not in text:
        return data
    query, words = data.copy(), []
    for word in text.split():
        name, colon, value = word.partition(":")
        if colon and value and name in CONDITIONS:
            query.appendlist(name, value)
        else:
            words.append(word)
    query["q"] = " ".join(words)
    return query
