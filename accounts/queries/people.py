"""People as lists and pages need them."""

from collections.abc import Mapping
from typing import Any

from django.db.models.expressions import BaseExpression, Combinable

from accounts.models import User
from kernel.actor import Actor


def badge_values(actor: Actor, expressions: Mapping[str, BaseExpression | Combinable]) -> dict[str, Any]:
    """All badges of the frame in one statement; nothing is asked when there are none."""
    if not expressions:
        return {}
    found = User.objects.filter(pk=actor.id).annotate(**expressions).values(*expressions).first()
    return dict(found or {})
