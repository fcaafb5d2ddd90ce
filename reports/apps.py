from django.apps import AppConfig


class ReportsConfig(AppConfig):
    """Floor 8: read-only questions across processes."""

    name = "reports"

    def ready(self) -> None:
        from reports import tasks  # noqa: F401  # registers
