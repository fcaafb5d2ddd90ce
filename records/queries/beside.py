"""What hangs off a record, as rows for lists."""

from django.db.models import QuerySet

from accounts.models import User
from kernel.actor import Actor
from records import policies
from records.models import Attachment, Comment, Record, Watcher
from registry import queries as registry


def comments(actor: Actor, record: Record) -> QuerySet[Comment]:
    """Words on it, public ones alone for whoever may not read internal notes."""
    rows = Comment.objects.filter(record=record.pk).select_related("author")
    return rows if policies.can_read_internal(actor, record) else rows.filter(is_public=True)


def attachments(actor: Actor, record: Record) -> QuerySet[Attachment]:
    """Files on it, public ones alone for whoever may not read internal notes."""
    rows = Attachment.objects.filter(record=record.pk).select_related("by")
    return rows if policies.can_read_internal(actor, record) else rows.filter(is_public=True)


def watchers(record: Record) -> QuerySet[Watcher]:
    """Everybody who follows it; callers are among them."""
    return Watcher.objects.filter(record=record.pk).select_related("user")


def followers_to_be() -> QuerySet[User]:
    """People who can be named as followers."""
    return User.objects.filter(is_active=True, merged_into=None)


IMPACT_LIMIT = 50
"""Components named in the impact panel; the count is always whole."""


def impact_of(record: Record) -> registry.Impact | None:
    """What stops with the component, or the service when only that is known; None when neither is."""
    root = record.component_id or record.service_id
    return registry.impact(root, IMPACT_LIMIT) if root is not None else None
