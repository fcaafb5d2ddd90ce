"""`manage.py sweep --once`: what the engine does, once, from cron or by hand."""

from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from itsm import rounds

MOST = 10_000


class Command(BaseCommand):
    """Goes on until nothing is due."""

    help = "Sweep due rows and run waiting reactions until nothing is left, then seal the journal."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--once", action="store_true", help="required: the resident process is `manage.py engine`")

    def handle(self, *args: Any, **options: Any) -> None:
        if not options["once"]:
            raise CommandError("Use `manage.py sweep --once`, or `manage.py engine` for the resident process.")
        swept = told = 0
        for _round in range(MOST):
            step = rounds.sweep(), rounds.relay()
            swept, told = swept + step[0], told + step[1]
            if step == (0, 0):
                break
        rounds.seal()
        self.stdout.write(f"{swept} due, {told} reactions.")
