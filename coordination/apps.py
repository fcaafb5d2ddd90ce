from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Floor 6: the one queue."""

    name = "coordination"
