from django.apps import AppConfig


class WorkforceConfig(AppConfig):
    """Floor 3: when people work, what they can do, when they are away."""

    name = "workforce"

    def ready(self) -> None:
        """Make the event codes and lists known."""
        from kernel.spreadsheets.sheets import register_sheet
        from workforce import events  # noqa: F401  # registered by being imported
        from workforce.sheets.calendars import CalendarsSheet, HolidaysSheet
        from workforce.sheets.people import AbsencesSheet, CompetencesSheet, HeldSheet, SchedulesSheet

        register_sheet(CalendarsSheet(), HolidaysSheet(), CompetencesSheet(), HeldSheet(), SchedulesSheet(),
                       AbsencesSheet())  # fmt: skip
