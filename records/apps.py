from django.apps import AppConfig

from kernel.workflow import gettext_noop


class RecordsConfig(AppConfig):
    """Floor 5: what every piece of work in every process is."""

    name = "records"

    def ready(self) -> None:
        """Make events, reactions, sweeps, panels and ways of undoing known."""
        from records import commands, events, policies, reactions, tasks
        from records.panels import Panel, register_panel

        del commands, events, reactions, tasks
        register_panel(Panel("impact", gettext_noop("Impact"), "records:impact", order=10))
        register_panel(Panel("related", gettext_noop("Related"), "records:related", order=20))
        register_panel(Panel("audit", gettext_noop("Audit"), "records:audit", can=policies.can_read_audit, order=90))
