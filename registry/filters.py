"""One filter for the component list and its API."""

import django_filters
from django.db.models import Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.models import Team
from kernel.localnames import local_name
from registry.forms import CRITICALITY_WORDS, STATUS_WORDS
from registry.models import Component, ComponentType


class ComponentFilter(django_filters.FilterSet):
    """Words, type, status, team, criticality; unknown values are left out, never an error."""

    q = django_filters.CharFilter(method="words", label=_("Words"))
    type = django_filters.ModelChoiceFilter(
        queryset=ComponentType.objects.filter(retired_at=None), to_field_name="code", label=_("Type")
    )
    status = django_filters.ChoiceFilter(choices=list(STATUS_WORDS.items()), label=_("Status"))
    team = django_filters.ModelChoiceFilter(
        field_name="owner_team", queryset=Team.objects.filter(retired_at=None), to_field_name="code", label=_("Team")
    )
    criticality = django_filters.ChoiceFilter(choices=list(CRITICALITY_WORDS.items()), label=_("Criticality"))

    class Meta:
        model = Component
        fields = ("q", "type", "status", "team", "criticality")

    def words(self, rows: QuerySet[Component], name: str, value: str) -> QuerySet[Component]:
        """Every word occurs in tag, name or serial number."""
        for word in value.split()[:8]:
            rows = rows.filter(Q(tag__icontains=word) | Q(name__icontains=word) | Q(serial__icontains=word))
        return rows

    def named_form(self) -> "ComponentFilter":
        """Names of types and teams in the reader's language."""
        for name in ("type", "team"):
            self.form.fields[name].label_from_instance = lambda row: local_name(row.name)
        return self
