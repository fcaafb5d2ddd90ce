"""Addresses of notifications: a person's own under /notifications/, the rest under settings."""

from django.urls import path, re_path

from notifications.views import own, settings

app_name = "notifications"
WEBHOOK_STEP = r"^settings/webhooks/(?P<pk>\d+)/(?P<step>test|rotate|retire)/$"
urlpatterns = [
    path("notifications/", own.listing, name="list"),
    path("notifications/read/", own.read_all, name="read_all"),
    path("notifications/choices/", own.choices, name="choices"),
    path("notifications/<int:pk>/read/", own.read, name="read"),
    path("notifications/<int:pk>/", own.follow, name="follow"),
    path("notifications/mute/<int:record_id>/", own.mute, name="mute"),
    path("notifications/unmute/<int:record_id>/", own.unmute, name="unmute"),
    path("settings/notification-rules/", settings.rules, name="rules"),
    path("settings/notification-rules/new/", settings.rule, name="rule_new"),
    path("settings/notification-rules/<int:pk>/", settings.rule, name="rule"),
    path("settings/notification-rules/<int:pk>/retire/", settings.rule_retire, name="rule_retire"),
    path("settings/webhooks/", settings.webhooks, name="webhooks"),
    path("settings/webhooks/new/", settings.webhook, name="webhook_new"),
    path("settings/webhooks/<int:pk>/", settings.webhook, name="webhook"),
    re_path(WEBHOOK_STEP, settings.webhook_step, name="webhook_step"),
    path("settings/deliveries/", settings.deliveries, name="deliveries"),
    path("settings/deliveries/<int:pk>/resend/", settings.resend, name="resend"),
    path("settings/deliveries/resend/", settings.resend_dead, name="resend_dead"),
]
