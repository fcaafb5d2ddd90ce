"""Promises over REST: clocks, targets, escalations, pauses, and what a change of them would do."""

from sla.api import settings, trying
from sla.api.settings import ROUTES

urlpatterns = [*settings.urlpatterns, *trying.urlpatterns]
__all__ = ["ROUTES", "urlpatterns"]
