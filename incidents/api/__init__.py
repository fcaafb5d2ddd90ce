"""Incidents over REST: the same queries, commands, forms and permissions as the pages."""

from incidents.api.calls import Incidents
from incidents.api.settings import ROUTES as SETTINGS
from incidents.api.settings import urlpatterns

ROUTES = [("incidents", Incidents, "incident"), *SETTINGS]
__all__ = ["ROUTES", "urlpatterns"]
