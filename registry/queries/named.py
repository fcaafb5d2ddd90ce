"""What clients may name in a new or changed component."""

from django.db.models import QuerySet

from accounts.models import Team, User
from registry.models import ComponentType


def types() -> QuerySet[ComponentType]:
    """Types in use."""
    return ComponentType.objects.filter(retired_at=None)


def teams() -> QuerySet[Team]:
    """Teams in use."""
    return Team.objects.filter(retired_at=None)


def people() -> QuerySet[User]:
    """People who can hold something."""
    return User.objects.filter(is_active=True, merged_into=None)
