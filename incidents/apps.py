from django.apps import AppConfig


class IncidentsConfig(AppConfig):
    """Floor 7: restore service."""

    name = "incidents"
