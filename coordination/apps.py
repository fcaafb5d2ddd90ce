from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Floor 6: the one queue."""

    name = "coordination"

    def ready(self) -> None:
        """Make events known and listen."""
        from coordination import events, reactions  # noqa: F401  # importing registers them
