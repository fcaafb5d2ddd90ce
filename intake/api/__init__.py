"""Where monitoring systems knock, and the settings of alerts, over REST."""

from intake.api.alerts import urlpatterns
from intake.api.settings import ROUTES

__all__ = ["ROUTES", "urlpatterns"]
