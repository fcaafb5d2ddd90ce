"""`manage.py engine`: the resident process that keeps promises, tells what happened, and seals the journal."""

import logging
import signal
from argparse import ArgumentParser
from typing import Any

from django.core.management.base import BaseCommand

from itsm.engine import Engine

log = logging.getLogger("spindel.engine")


class Command(BaseCommand):
    """Runs until SIGTERM or SIGINT."""

    help = "Sweep due rows, run reactions after commit and seal the journal until told to stop."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("--tick", type=float, default=1.0, help="seconds between rounds when nobody wakes it")

    def handle(self, *args: Any, **options: Any) -> None:
        engine = Engine(options["tick"])
        for number in (signal.SIGTERM, signal.SIGINT):
            signal.signal(number, engine.ask_to_stop)
        log.info("started")
        engine.run()
