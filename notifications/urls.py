from django.urls import path, re_path

from notifications import views

app_name = "notifications"
urlpatterns = [
    path("notifications/", views.listing, name="list"),
    path("notifications/read/", views.read_all, name="read_all"),
    path("notifications/<int:pk>/read/", views.read, name="read"),
    path("notifications/mute/<int:record_id>/", views.mute, name="mute"),
    path("settings/notification-rules/", views.rules, name="rules"),
    path("settings/notification-rules/new/", views.rule, name="rule_new"),
    path("settings/notification-rules/<int:pk>/", views.rule, name="rule"),
    path("settings/notification-rules/<int:pk>/retire/", views.rule_retire, name="rule_retire"),
    path("settings/webhooks/", views.webhooks, name="webhooks"),
    path("settings/webhooks/new/", views.webhook, name="webhook_new"),
    path("settings/webhooks/<int:pk>/", views.webhook, name="webhook"),
    re_path(r"^settings/webhooks/(?P<pk>\d+)/(?P<step>test|rotate|retire)/$", views.webhook_step, name="webhook_step"),
    path("settings/deliveries/", views.deliveries, name="deliveries"),
    path("settings/deliveries/<int:pk>/resend/", views.resend, name="resend"),
]
