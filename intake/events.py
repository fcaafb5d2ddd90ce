"""What intake writes on an incident's time line."""

from kernel.events import EventType, Weight, register
from kernel.workflow import gettext_noop

ALERT_FIRING = "alert.firing"
ALERT_RESOLVED = "alert.resolved"
ALERT_CHANGED = "alert.changed"
ALERT_FALSE = "alert.false_alarm"
SOURCE_SAVED = "alert_source.saved"
SOURCE_RETIRED = "alert_source.retired"
RULE_SAVED = "severity_rule.saved"

register(
    EventType(ALERT_FIRING, gettext_noop("Alert: %(title)s"), "alert"),
    EventType(ALERT_RESOLVED, gettext_noop("Alert cleared: %(title)s"), "check"),
    EventType(ALERT_CHANGED, gettext_noop("Alert changed: %(title)s"), "alert", Weight.NOISE),
    EventType(ALERT_FALSE, gettext_noop("Marked as a false alarm: %(title)s"), "alert"),
    EventType(SOURCE_SAVED, gettext_noop("Alert source changed"), "edit"),
    EventType(SOURCE_RETIRED, gettext_noop("Alert source no longer used"), "edit"),
    EventType(RULE_SAVED, gettext_noop("Severity rule changed"), "edit"),
)
