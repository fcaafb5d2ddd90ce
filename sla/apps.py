from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Floor 6: promises as clocks in a ledger, and the steps before and after they break."""

    name = "sla"
