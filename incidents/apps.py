from django.apps import AppConfig

from kernel.workflow import gettext_noop


class IncidentsConfig(AppConfig):
    """Floor 7: restore service."""

    name = "incidents"

    def ready(self) -> None:
        """Make codes, reactions, sweeps, the kind of record and its panels known."""
        from accounts.context import badge
        from incidents import events, reactions, tasks
        from incidents.queries import major, own, words
        from incidents.sheets import IncidentCategoriesSheet, IncidentsSheet
        from incidents.workflow import WORKFLOW
        from journal.queries.kinds import Kind, register_kind
        from kernel.spreadsheets.sheets import register_sheet
        from records.panels import Panel, register_panel
        from records.queries.facts import register_editable

        del events, reactions, tasks, own
        register_kind(Kind("incident", WORKFLOW.label, "incident", "incidents:page", prefix="INC", workflow=WORKFLOW,
                           area="calls"))  # fmt: skip
        register_editable("incident", ("title", "description", "requester", "service", "component", "category",
                                       "contact_owner"))  # fmt: skip
        register_panel(Panel("callers", gettext_noop("Callers"), "incidents:callers", kinds=("incident",), order=15))
        words.make_known()
        register_sheet(IncidentCategoriesSheet(), IncidentsSheet())
        badge("major", major.major_badge, major.major_banner)
