"""What records can be about, as an administrator keeps it: categories retire, they are never removed."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from django.utils.translation import gettext as _

from accounts.models import Team
from accounts.policies import require
from accounts.roles import Permission
from journal.units import command
from kernel.actor import Actor
from kernel.errors import Unprocessable
from records.models import Category

LONGEST_ESTIMATE = 40 * 60


@dataclass(frozen=True, slots=True, kw_only=True)
class CategoryValues:
    """A category as a form gives it: names are {en, sv, zh-hans}, the team gets its work."""

    name: Mapping[str, str]
    parent: Category | None = None
    team: Team | None = None
    estimate_minutes: int | None = None
    is_retired: bool = False


@command
def save_category(
    category: Category | None, values: CategoryValues, *, kind: str, code: str, actor: Actor, at: datetime
) -> Category:
    """Add a category of a kind, or change one; its code stays. Unprocessable for a code in use or a circle."""
    require(actor, Permission.SETTINGS_EDIT)
    _check(category, values, kind=kind, code=code)
    row = category or Category(kind=kind, code=code)
    row.name, row.parent, row.team = dict(values.name), values.parent, values.team
    row.estimate_minutes = values.estimate_minutes
    row.retired_at = (row.retired_at or at) if values.is_retired else None
    row.save()
    return row


def _check(category: Category | None, values: CategoryValues, *, kind: str, code: str) -> None:
    fields: dict[str, list[str]] = {}
    if category is None and Category.objects.filter(kind=kind, code=code).exists():
        fields["code"] = [_("This code is in use. Choose another one.")]
    if not values.name.get("en", "").strip():
        fields["name_en"] = [_("Give the category a name in English; it stands in for missing ones.")]
    if values.estimate_minutes is not None and not 0 < values.estimate_minutes <= LONGEST_ESTIMATE:
        fields["estimate_minutes"] = [_("Choose 1 minute to 40 hours.")]
    if category is not None and _is_above(category, values.parent):
        fields["parent"] = [_("A category cannot stand below itself.")]
    if fields:
        raise Unprocessable(next(iter(fields.values()))[0], fields=fields)


def _is_above(category: Category, parent: Category | None) -> bool:
    """Whether the category is the wanted parent or one of its ancestors."""
    seen: set[int] = set()
    while parent is not None and parent.pk not in seen:
        if parent.pk == category.pk:
            return True
        seen.add(parent.pk)
        parent = parent.parent
    return False
