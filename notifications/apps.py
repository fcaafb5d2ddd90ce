from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Floor 6: listens, and tells people and machines."""

    name = "notifications"
