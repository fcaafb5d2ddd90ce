"""What the settings pages of incidents show."""

from django.db.models import QuerySet

from incidents.models import Incident
from kernel.errors import NotFound
from processes.rows import OPEN_ONLY
from records.models import Category


def open_assessed() -> int:
    """How many open incidents keep the priority that they have, whatever the matrix says from now on."""
    return Incident.objects.filter(OPEN_ONLY).count()


def all_categories() -> list[Category]:
    """Categories of incidents, those in use first."""
    rows = Category.objects.filter(kind="incident").select_related("team", "parent")
    return sorted(rows, key=lambda row: (row.retired_at is not None, row.code))


def categories() -> QuerySet[Category]:
    """Categories of incidents, retired ones too, with what a row shows."""
    return Category.objects.filter(kind="incident").select_related("team", "parent")


def category_by_code(code: str) -> Category:
    """The category of incidents with that code."""
    found = Category.objects.filter(kind="incident", code=code).select_related("team", "parent").first()
    if found is None:
        raise NotFound(f"No category {code}.")
    return found
