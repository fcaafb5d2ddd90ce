"""All addresses, by room."""

from django.urls import URLPattern, URLResolver, include, path

from itsm import health, pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("healthz", health.healthz, name="healthz"),
    path("readyz", health.readyz, name="readyz"),
    path("session/", pages.session, name="session"),
    path("styleguide/", pages.styleguide, name="styleguide"),
]
