from django.apps import AppConfig


class SlaConfig(AppConfig):
    """Floor 6: promises as clocks in a ledger, and the steps before and after they break."""

    name = "sla"

    def ready(self) -> None:
        """Make events, reactions, sweepers and the panel known."""
        from kernel.spreadsheets.sheets import register_sheet
        from kernel.workflow import gettext_noop
        from records.panels import Panel, register_panel
        from records.queries.faces import faces_by
        from records.queries.words import register_sentence
        from sla import events, reactions, tasks  # noqa: F401  # registered by being imported
        from sla.queries.clocks import nearest_faces
        from sla.queries.moves import moved_words
        from sla.queries.settings import fired_words, overdue_words
        from sla.sheets import TargetsSheet

        faces_by(nearest_faces)
        register_sheet(TargetsSheet())
        register_sentence(events.STEP_FIRED, fired_words)
        register_sentence(events.BREACHED, overdue_words)
        register_sentence(events.TURN_OVERDUE, overdue_words)
        register_sentence(events.REPLANNED, moved_words)
        register_panel(Panel("sla", gettext_noop("Promises"), "sla:explain", order=30))
