"""`manage.py reactions`: the whole table of reactions, and those that were given up."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from journal import commands as journal
from journal.queries.outbox import dead
from journal.units import database_now
from kernel.reactions import table


class Command(BaseCommand):
    """Prints a line for each."""

    help = "Print which reaction listens to what; --dead lists those given up, --retry ID tries one again."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--dead", action="store_true", help="list reactions that were given up")
        parser.add_argument("--retry", type=int, metavar="ID", help="try a reaction again that was given up")

    def handle(self, *args: Any, **options: Any) -> None:
        if options["retry"] is not None:
            if not journal.revive(options["retry"], at=database_now()):
                raise CommandError(f"No reaction {options['retry']} was given up. `--dead` lists them.")
            self.stdout.write("It runs again within seconds.")
        elif options["dead"]:
            for row in dead():
                self.stdout.write(f"{row.pk} event {row.event_id} {row.reaction}: {row.error.splitlines()[0]}")
        else:
            for line in table():
                self.stdout.write(line)
