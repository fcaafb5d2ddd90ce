from django.urls import path, re_path

from reports import views

app_name = "reports"
FIGURES = "overdue|due|unrouted|open|opened|resolved|in_time|late|at_desk"
urlpatterns = [
    path("wall/", views.wall, name="wall"),
    re_path(rf"^wall/(?P<figure>{FIGURES})/$", views.behind, name="behind"),
]
