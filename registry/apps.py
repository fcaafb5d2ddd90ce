from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Floor 4: every component, how they hang together, what they need."""

    name = "registry"

    def ready(self) -> None:
        from journal.queries.kinds import register_kind
        from kernel.spreadsheets.sheets import register_sheet
        from registry import events  # noqa: F401  # registers
        from registry.commands.search import KIND
        from registry.sheets.components import ComponentsSheet, RelationsSheet
        from registry.sheets.promised import PlacesSheet, ServicesSheet, TypesSheet

        register_kind(KIND)
        register_sheet(PlacesSheet(), TypesSheet(), ComponentsSheet(), RelationsSheet(), ServicesSheet())
