"""One filter for the list of people."""

import django_filters
from django.db.models import Exists, OuterRef, Q, QuerySet
from django.utils.translation import gettext_lazy as _

from accounts.forms import KINDS
from accounts.models import Grant, Membership, Team, User
from accounts.roles import ROLES
from kernel.localnames import local_name


class PersonFilter(django_filters.FilterSet):
    """Words, kind, team, role, switched on or off; unknown values are left out, never an error."""

    q = django_filters.CharFilter(method="words", label=_("Words"))
    kind = django_filters.ChoiceFilter(choices=KINDS, label=_("Kind"))
    team = django_filters.ModelChoiceFilter(
        queryset=Team.objects.filter(retired_at=None), to_field_name="code", method="in_team", label=_("Team")
    )
    role = django_filters.ChoiceFilter(
        choices=[(role.code, _(role.label)) for role in ROLES.values()], method="with_role", label=_("Role")
    )
    account = django_filters.ChoiceFilter(
        choices=(("on", _("Switched on")), ("off", _("Switched off"))), method="switched", label=_("Account")
    )

    class Meta:
        model = User
        fields = ("q", "kind", "team", "role", "account")

    def words(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Every word occurs in name, e-mail, phone, staff number or unit."""
        for word in value.split()[:8]:
            rows = rows.filter(
                Q(name__icontains=word) | Q(email__icontains=word) | Q(phone__icontains=word)
                | Q(staff_number__icontains=word) | Q(unit__icontains=word)
            )  # fmt: skip
        return rows

    def in_team(self, rows: QuerySet[User], name: str, value: Team) -> QuerySet[User]:
        """Members of the team."""
        return rows.filter(Exists(Membership.objects.filter(user=OuterRef("pk"), team=value)))

    def with_role(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Who holds the role, everywhere or in a team."""
        return rows.filter(Exists(Grant.objects.filter(user=OuterRef("pk"), role=value)))

    def switched(self, rows: QuerySet[User], name: str, value: str) -> QuerySet[User]:
        """Accounts that are on, or off."""
        return rows.filter(is_active=value == "on")

    def named_form(self) -> "PersonFilter":
        """Names of teams in the reader's language."""
        self.form.fields["team"].label_from_instance = lambda row: local_name(row.name) or row.code
        return self
