from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Floor 4: every component, how they hang together, what they need."""

    name = "registry"

    def ready(self) -> None:
        from journal.queries.kinds import register_kind
        from registry import events  # noqa: F401  # registers
        from registry.commands.search import KIND

        register_kind(KIND)
