"""`manage.py demo`: fill an empty database with an invented region; `--scale N` with as many records as wanted."""

import time
from argparse import ArgumentParser, ArgumentTypeError
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.models import User
from accounts.queries import SYSTEM
from itsm.demo.filling import fill
from itsm.demo.logins import login_lines
from itsm.demo.scaling import fill_to_scale
from journal.units import door

TAKEN = (
    "People are in this database already, so it gets no demo data. "
    "Start with an empty one, for example with SPINDEL_DATA=another/directory."
)


def scale(text: str) -> int:
    """A number of records that can be made."""
    number = int(text.replace(",", "").replace("_", ""))
    if not 100 <= number <= 1_000_000:
        raise ArgumentTypeError("give a number from 100 to 1,000,000")
    return number


class Command(BaseCommand):
    """Refuses when anybody is there already: it never mixes invented people with real ones."""

    help = "Fill an empty database with demo data, or print its logins."

    def add_arguments(self, parser: ArgumentParser) -> None:
        """The command line."""
        parser.add_argument("--logins", action="store_true", help="print who may sign in, change nothing")
        parser.add_argument("--scale", type=scale, default=0, help="make this many records (100 to 1,000,000)")

    def handle(self, *args: Any, **options: Any) -> None:
        """Build, or print."""
        if options["logins"]:
            self.stdout.write("\n".join(login_lines()))
            return
        if User.objects.exclude(kind=User.Kind.SYSTEM).exists():
            raise CommandError(TAKEN)
        begin = time.monotonic()
        if options["scale"]:
            fill_to_scale(options["scale"], self.stderr.write)
        else:
            with door(SYSTEM, source="demo") as at:
                fill(at)
        self.stdout.write(f"The demo is there after {time.monotonic() - begin:.1f} s.")
