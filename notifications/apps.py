from django.apps import AppConfig


class NotificationsConfig(AppConfig):
    """Floor 6: listens, and tells people and machines."""

    name = "notifications"

    def ready(self) -> None:
        from accounts.context import badge
        from kernel.spreadsheets.sheets import register_sheet
        from notifications import events, reactions, tasks  # noqa: F401  # registers
        from notifications.queries import unread_badge
        from notifications.sheets import RulesSheet

        register_sheet(RulesSheet())
        badge("unread_count", unread_badge)
