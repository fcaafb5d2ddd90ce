from django.apps import AppConfig


class RegistryConfig(AppConfig):
    """Floor 4: every component, how they hang together, what they need."""

    name = "registry"
