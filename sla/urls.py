"""Addresses of promises: explained on records, set under settings."""

from django.urls import path

from sla.queries.versions import PAUSES, STEPS
from sla.views import record, settings

app_name = "sla"
urlpatterns = [
    path("records/<str:number>/sla/", record.explain, name="explain"),
    path("settings/targets/", settings.targets, name="targets"),
    path("settings/targets/new/", settings.target, name="target_new"),
    path("settings/targets/<int:pk>/", settings.target, name="target"),
    path("settings/targets/<int:pk>/retire/", settings.retire_target, name="target_retire"),
    path("settings/escalations/", settings.escalations, name="escalations"),
    path("settings/escalations/new/", settings.escalation, name="escalation_new"),
    path("settings/escalations/<int:pk>/", settings.escalation, name="escalation"),
    path("settings/escalations/<int:pk>/retire/", settings.retire_escalation, name="escalation_retire"),
    path(
        "settings/escalations/versions/<int:version>/restore/", settings.restore, {"key": STEPS},
        name="escalations_restore",
    ),
    path("settings/pause-rules/", settings.pause_rules, name="pause_rules"),
    path("settings/pause-rules/set/", settings.set_pause_rule, name="pause_rule_set"),
    path(
        "settings/pause-rules/versions/<int:version>/restore/", settings.restore, {"key": PAUSES},
        name="pause_rules_restore",
    ),
]  # fmt: skip
