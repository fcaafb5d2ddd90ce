from django.apps import AppConfig


class CoordinationConfig(AppConfig):
    """Floor 6: the one queue."""

    name = "coordination"

    def ready(self) -> None:
        """Make events, reactions, sweepers and badges known."""
        from accounts.context import badge
        from coordination import events, reactions, tasks  # noqa: F401  # registered by being imported
        from coordination.queries.counts import mine_badge, unrouted_badge

        badge("unrouted_count", unrouted_badge)
        badge("mine_count", mine_badge)
