"""Read people, their rights, settings and sessions; `from accounts import queries as accounts` or import names."""

from accounts.queries.actors import SYSTEM, actor_for
from accounts.queries.settings import forget_settings, setting, setting_version, settings_seen

__all__ = ["SYSTEM", "actor_for", "forget_settings", "setting", "setting_version", "settings_seen"]
