from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Floor 2: who somebody is and what they may do."""

    name = "accounts"

    def ready(self) -> None:
        """Make the event codes and sweeps known."""
        from accounts import events, tasks  # noqa: F401  # registers
        from accounts.commands.search import KIND
        from accounts.sheets.people import PeopleSheet, TeamsSheet
        from journal.queries.kinds import register_kind
        from kernel.spreadsheets.sheets import register_sheet

        register_kind(KIND)
        register_sheet(TeamsSheet(), PeopleSheet())
