"""Notifications and the settings of messages over REST."""

from notifications.api import own, settings

ROUTES = [*own.ROUTES, *settings.ROUTES]
urlpatterns = own.urlpatterns
__all__ = ["ROUTES", "urlpatterns"]
