"""People, teams, roles, sign-in and tokens, and what is the caller's own, over REST."""

from accounts.api import imports, own, signing
from accounts.api.people import People
from accounts.api.teams import Roles, Teams

ROUTES = [
    ("people", People, "people-api"),
    ("teams", Teams, "team-api"),
    ("roles", Roles, "role-api"),
    *imports.ROUTES,
    *own.ROUTES,
    *signing.ROUTES,
]
urlpatterns = [*imports.urlpatterns, *own.urlpatterns, *signing.urlpatterns]
