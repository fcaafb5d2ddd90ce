from django.apps import AppConfig


class ItsmConfig(AppConfig):
    """Floor 9: puts the house together."""

    name = "itsm"

    def ready(self) -> None:
        """Register the checks that look across all rooms."""
        from itsm import checks  # noqa: F401  # imported for what it registers
