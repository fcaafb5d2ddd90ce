from django.apps import AppConfig


class IntakeConfig(AppConfig):
    """Floor 8: outside signals become commands."""

    name = "intake"

    def ready(self) -> None:
        from intake import events, reactions  # noqa: F401  # registers
        from kernel.workflow import gettext_noop
        from records.panels import Panel, register_panel

        register_panel(Panel("alerts", gettext_noop("Alerts"), "intake:alerts", kinds={"incident"}, order=60))
