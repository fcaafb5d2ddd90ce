"""`manage.py verify`: is anything lost, late or left over? For people, monitors and tests of faults."""

from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.units import database_now
from sla.queries.audit import invariants
from sla.queries.rules import now


class Command(BaseCommand):
    """Prints every invariant; exit status 1 when one does not hold."""

    help = "Print the invariants of timers and reactions; each count has to be 0."

    def handle(self, *args: Any, **options: Any) -> None:
        counts = invariants(now(), database_now())
        for name, count in counts.items():
            self.stdout.write(f"{'ok  ' if not count else 'FAIL'} {count:6} {name}")
        if any(counts.values()):
            raise CommandError("An invariant does not hold. `manage.py reactions --dead` and the log say more.")
