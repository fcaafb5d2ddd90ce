from django.apps import AppConfig


class AccountsConfig(AppConfig):
    """Floor 2: who somebody is and what they may do."""

    name = "accounts"
