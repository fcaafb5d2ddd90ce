from django.apps import AppConfig


class ProcessesConfig(AppConfig):
    """Floor 6b: what incidents, problems, changes and requests have in common. Owns no data (ADR 0011)."""

    name = "processes"
