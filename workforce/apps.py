from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Floor 3: when people work, what they can do, when they are away."""

    name = "workforce"
