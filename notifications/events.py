"""What notifications writes about its own settings, and the codes that rules and webhooks can name."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

MAILED = "notification.mailed"
NOT_MAILED = "notification.not_mailed"

register(
    EventType(MAILED, gettext_noop("Mail sent to %(name)s: %(about)s"), "message", Weight.NOISE, personal=("name",)),
    EventType(
        NOT_MAILED,
        gettext_noop("Mail to %(name)s could not be delivered: %(error)s"),
        "warn",
        personal=("name", "error"),
    ),
    EventType("delivery.resent", gettext_noop("Message sent again")),
    EventType("webhook.saved", gettext_noop("Webhook changed")),
    EventType("webhook.secret_rotated", gettext_noop("Webhook has a new secret")),
    EventType("webhook.retired", gettext_noop("Webhook switched off")),
    EventType("webhook.tested", gettext_noop("Webhook tested")),
    EventType("notification_rule.saved", gettext_noop("Notification rule changed")),
    EventType("notification_rule.retired", gettext_noop("Notification rule switched off")),
)

FAMILIES = ("incident", "problem", "change", "request", "record", "work", "sla")
"""Families of event codes that people and machines may be told about."""

SILENT = frozenset({
    "record.phase_changed", "record.responded", "record.owner_changed", "record.supplier_changed",
})  # fmt: skip
"""Facts that always come beside a louder one: no rule can name them."""
