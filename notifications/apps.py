from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Floor 6: listens, and tells people and machines."""

    name = "notifications"

    def ready(self) -> None:
        from notifications import events, reactions, tasks  # noqa: F401  # registers
