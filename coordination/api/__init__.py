"""The queue and its rules over REST."""

from coordination.api.demand import Demand
from coordination.api.settings import urlpatterns
from coordination.api.work import Work

ROUTES = [("work", Work, "work-api"), ("demand", Demand, "demand-api")]
__all__ = ["ROUTES", "urlpatterns"]
