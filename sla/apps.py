from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Floor 6: promises as clocks in a ledger, and the steps before and after they break."""

    name = "sla"

    def ready(self) -> None:
        """Make events, reactions and sweepers known."""
        from sla import events, reactions, tasks  # noqa: F401  # registered by being imported
