from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Floor 4: every component, how they hang together, what they need."""

    name = "registry"

    def ready(self) -> None:
        from registry import events  # noqa: F401  # registers
