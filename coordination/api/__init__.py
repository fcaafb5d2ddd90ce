"""The queue and its rules over REST."""

from coordination.api import demand, settings
from coordination.api.work import Work

ROUTES = [("work", Work, "work-api"), ("demand", demand.Behind, "demand-api")]
urlpatterns = [*demand.urlpatterns, *settings.urlpatterns]
__all__ = ["ROUTES", "urlpatterns"]
