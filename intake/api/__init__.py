"""Where monitoring systems knock, the alerts behind an incident, and the settings of alerts, over REST."""

from intake.api import alerts, groups
from intake.api.settings import ROUTES

urlpatterns = [*alerts.urlpatterns, *groups.urlpatterns]
__all__ = ["ROUTES", "urlpatterns"]
