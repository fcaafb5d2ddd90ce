"""All addresses, by room."""

from django.urls import URLPattern, URLResolver, include, path

from itsm import pages

urlpatterns: list[URLPattern | URLResolver] = [
    path("accounts/", include("allauth.urls")),
    path("session/", pages.session, name="session"),
    path("styleguide/", pages.styleguide, name="styleguide"),
]
