"""Addresses of the wall and of the lists behind its numbers."""

from django.urls import path, re_path

from reports import views

app_name = "reports"
FIGURE = "(?P<figure>overdue|due|unrouted|open|opened|resolved|judged|in_time|late|at_desk)"
urlpatterns = [
    path("wall/", views.wall, name="wall"),
    re_path(rf"^wall/{FIGURE}/$", views.behind, name="behind"),
    re_path(rf"^wall/{FIGURE}\.(?P<form>csv|xlsx)$", views.export, name="export"),
]
