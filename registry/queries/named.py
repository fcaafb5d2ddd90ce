"""What clients may name in a new or changed component."""

from django.db.models import QuerySet

from accounts.models import Team, User
from registry.models import ComponentType, Service
from workforce.models import Calendar


def types() -> QuerySet[ComponentType]:
    """Types in use."""
    return ComponentType.objects.filter(retired_at=None)


def teams() -> QuerySet[Team]:
    """Teams in use."""
    return Team.objects.filter(retired_at=None)


def people() -> QuerySet[User]:
    """People who can hold something."""
    return User.objects.filter(is_active=True, merged_into=None)


def calendars() -> QuerySet[Calendar]:
    """Service hours to choose from."""
    return Calendar.objects.filter(retired_at=None)


def code_is_free(code: str, but_of: int | None) -> bool:
    """Whether no other service has the code."""
    return not Service.objects.filter(code=code).exclude(pk=but_of or 0).exists()


def type_code_is_free(code: str, but_of: int | None) -> bool:
    """Whether no other component type has the code."""
    return not ComponentType.objects.filter(code=code).exclude(pk=but_of or 0).exists()
