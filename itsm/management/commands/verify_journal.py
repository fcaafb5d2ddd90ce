"""`manage.py verify_journal`: does the journal still say what was written?"""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal.queries.verify import Heads, faults
from records.commands.record import SEQUENCES
from records.queries.heads import record_heads


class Command(BaseCommand):
    """Exit status 1 and the first row that does not fit, when there is one."""

    help = "Verify every chain of events, its head, and every seal with its copy outside the database."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--limit", type=int, default=20, help="print at most so many faults")

    def handle(self, *args: Any, **options: Any) -> None:
        heads: dict[str, Heads] = dict.fromkeys(SEQUENCES, record_heads)
        found = []
        for fault in faults(heads):
            found.append(fault)
            self.stderr.write(str(fault))
            if len(found) >= options["limit"]:
                break
        if found:
            raise CommandError(f"The journal was changed. First: {found[0]}")
        self.stdout.write("The journal is as it was written.")
