from django.apps import AppConfig


class RecordsConfig(AppConfig):
    """Floor 5: what every piece of work in every process is."""

    name = "records"
