from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Floor 7: restore service."""

    name = "incidents"

    def ready(self) -> None:
        """Make codes, reactions and sweeps known."""
        from incidents import events, reactions, tasks  # noqa: F401  # imported for what they register
