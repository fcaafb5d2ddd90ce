from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Floor 8: outside signals become commands."""

    name = "intake"
