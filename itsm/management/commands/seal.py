"""`manage.py seal`: seal what has finished, now."""

from typing import Any

from django.core.management.base import BaseCommand

from journal import commands as journal
from journal.units import database_now


class Command(BaseCommand):
    """Prints what was sealed."""

    help = "Seal finished events of the journal now; the engine does it each minute."

    def handle(self, *args: Any, **options: Any) -> None:
        new = journal.seal_finished(database_now())
        self.stdout.write(f"Seal {new.pk} covers {new.count} events." if new else "There is nothing to seal.")
