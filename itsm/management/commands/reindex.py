"""`manage.py reindex`: make the search documents anew, for example after loading rows in bulk."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal import commands as journal


class Command(BaseCommand):
    """Writes what the search box looks through. Commands keep it themselves; this is for bulk loading and repair."""

    help = "Make the search documents anew: records, components, people."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """Which documents; all of them unless named."""
        parser.add_argument("what", nargs="*", default=[])

    def handle(self, *args: Any, **options: Any) -> None:
        """Write them a thousand at a time."""
        known = journal.rebuildable()
        if unknown := sorted(set(options["what"]) - set(known)):
            message = f"{unknown[0]} cannot be made anew. Choose from: {', '.join(known)}."
            raise CommandError(message)
        for name in options["what"] or known:
            self.stdout.write(f"{name}: {journal.rebuild(name)}")
