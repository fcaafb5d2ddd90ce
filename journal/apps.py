from django.apps import AppConfig


class JournalConfig(AppConfig):
    """Floor 1: what happened, what is still to be told, what can be found."""

    name = "journal"
