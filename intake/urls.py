from django.urls import path

from intake import views

app_name = "intake"
urlpatterns = [
    path("settings/alert-sources/", views.sources, name="sources"),
    path("settings/alert-sources/new/", views.source, name="source_new"),
    path("settings/alert-sources/<slug:code>/", views.source, name="source"),
    path("settings/alert-sources/<slug:code>/retire/", views.source_retire, name="source_retire"),
    path("settings/severity-rules/", views.rules, name="rules"),
    path("settings/severity-rules/try/", views.try_out, name="try"),
    path("settings/severity-rules/new/", views.rule, name="rule_new"),
    path("settings/severity-rules/<int:pk>/", views.rule, name="rule"),
    path("settings/severity-rules/<int:pk>/retire/", views.rule_retire, name="rule_retire"),
    path("settings/alert-inbox/", views.inbox, name="inbox"),
    path("settings/alert-inbox/<int:pk>/", views.delivery, name="delivery"),
    path("records/<str:number>/alerts/", views.alerts, name="alerts"),
    path("alerts/<int:pk>/false/", views.false_alarm, name="false_alarm"),
]
