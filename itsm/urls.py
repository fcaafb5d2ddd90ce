"""All addresses: this page's own, then those of every app that has a urls.py (`app_name` is the app's label)."""

from importlib.util import find_spec

from django.conf import settings
from django.urls import URLPattern, URLResolver, include, path

from accounts.views import home
from itsm import api, export_page, health, metrics, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("", home, name="home"),
    path("accounts/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("metrics", metrics.metrics, name="metrics"),
    path("session/", pages.session, name="session"),
    path("data/everything/", export_page.export_everything, name="export_everything"),
    path("styleguide/", pages.styleguide, name="styleguide"),
]
urlpatterns += api.urlpatterns
urlpatterns += [path("", include(f"{app}.urls")) for app in settings.FLOORS[1:-1] if find_spec(f"{app}.urls")]
