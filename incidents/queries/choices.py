"""What clients may name in a new or changed incident."""

from django.db.models import QuerySet

from accounts.models import Team, User
from records.models import Category
from registry.models import Component, Service
from workforce.models import Calendar


def services() -> QuerySet[Service]:
    """Services in use."""
    return Service.objects.filter(retired_at=None)


def components() -> QuerySet[Component]:
    """Every component: a fault may be on a retired one."""
    return Component.objects.all()


def categories() -> QuerySet[Category]:
    """Categories of incidents in use."""
    return Category.objects.filter(kind="incident", retired_at=None)


def callers() -> QuerySet[User]:
    """People who can still call."""
    return User.objects.filter(is_active=True, merged_into=None)


def teams() -> QuerySet[Team]:
    """Teams that can get work."""
    return Team.objects.filter(retired_at=None)


def calendars() -> QuerySet[Calendar]:
    """Calendars whose working days can count."""
    return Calendar.objects.filter(retired_at=None)
