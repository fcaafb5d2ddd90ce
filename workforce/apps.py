from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Floor 3: when people work, what they can do, when they are away."""

    name = "workforce"

    def ready(self) -> None:
        """Make the event codes known."""
        from workforce import events  # noqa: F401  # registered by being imported
