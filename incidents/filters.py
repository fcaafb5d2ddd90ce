"""One filter of incidents for the list, its exports, bulk verbs and the API."""

from typing import ClassVar

import django_filters
from django.utils.translation import gettext_lazy as _

from incidents.models import Cause, Incident
from incidents.process import INCIDENTS
from incidents.workflow import WORKFLOW
from processes.conditions import RecordFilter, state_filter

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


class IncidentFilter(RecordFilter):
    """The conditions of every record, and those of incidents."""

    process = INCIDENTS
    CONDITIONS: ClassVar[tuple[str, ...]] = (*RecordFilter.CONDITIONS, "line", "cause", "channel", "nature", "major",
                                             "parent")  # fmt: skip

    state = state_filter(WORKFLOW)
    line = django_filters.ChoiceFilter(choices=LINES, label=_("Line"))
    cause = django_filters.ChoiceFilter(choices=Cause.choices, label=_("Cause"))
    nature = django_filters.ChoiceFilter(choices=Incident.Nature.choices, label=_("What it is"))
    channel = django_filters.ChoiceFilter(choices=CHANNELS, label=_("How it came"))
    major = django_filters.BooleanFilter(field_name="is_major", label=_("Major incident"))
    parent = django_filters.CharFilter(field_name="record__parent__number", lookup_expr="iexact", label=_("Part of"))

    class Meta:
        model = Incident
        fields: list[str] = []
