from django.apps import AppConfig


class ItsmConfig(AppConfig):
    """Floor 9: puts the house together."""

    name = "itsm"
