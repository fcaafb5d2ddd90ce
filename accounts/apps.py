from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Floor 2: who somebody is and what they may do."""

    name = "accounts"

    def ready(self) -> None:
        """Make the event codes and sweeps known."""
        from accounts import events, tasks  # noqa: F401  # registers
        from accounts.commands.search import KIND
        from journal.queries.kinds import register_kind

        register_kind(KIND)
