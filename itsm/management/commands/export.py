"""`manage.py export FILE`: everything that is stored, as one ZIP file."""

from argparse import ArgumentParser
from pathlib import Path
from typing import Any

from django.core.management.base import BaseCommand, CommandError

from accounts.commands import note_export
from accounts.queries import SYSTEM
from itsm.export import everything
from journal.units import door


class Command(BaseCommand):
    """Written beside its place first, so that a broken one is never taken for whole."""

    help = "Write every table as CSV, with names beside ids, and the files on records into one ZIP file."

    def add_arguments(self, parser: ArgumentParser) -> None:
        parser.add_argument("file", type=Path, help="where to; must not be there yet")

    def handle(self, *args: Any, **options: Any) -> None:
        target: Path = options["file"]
        if target.exists():
            raise CommandError(f"{target} is there already. Choose another name or remove it.")
        with door(SYSTEM, source="manage.py") as at:
            note_export("everything", form="zip", actor=SYSTEM, at=at)
        draft = target.with_name(f"{target.name}.part")
        with draft.open("wb") as out:
            draft.chmod(0o600)
            for piece in everything(None, at):
                out.write(piece)
        draft.rename(target)
        self.stdout.write(f"Written to {target}.")
