"""Draw the state diagrams of the documentation from the workflow tables."""

from importlib import import_module
from importlib.util import find_spec
from typing import Any

from django.conf import settings
from django.core.management.base import BaseCommand, CommandError, CommandParser

from itsm.environment import ROOT
from kernel.workflow import Workflow

PLACE = ROOT / "docs" / "architecture" / "states.md"
HEAD = "# States\n\nDrawn by `manage.py diagrams` from the tables in `<app>/workflow.py`; a test keeps them current.\n"


def page() -> str:
    """The whole page: a diagram for each process."""
    parts = [HEAD]
    for app in settings.FLOORS:
        if find_spec(f"{app}.workflow") is None or app == "kernel":
            continue
        table = getattr(import_module(f"{app}.workflow"), "WORKFLOW", None)
        if isinstance(table, Workflow):
            parts.append(f"\n## {table.label}\n\n```mermaid\n{table.mermaid()}\n```\n")
    return "".join(parts)


class Command(BaseCommand):
    """`manage.py diagrams` writes the page, `--check` says whether it is current."""

    help = "Write docs/architecture/states.md from the workflow tables."

    def add_arguments(self, parser: CommandParser) -> None:
        """One flag."""
        parser.add_argument("--check", action="store_true", help="change nothing; fail when the page is not current")

    def handle(self, *args: Any, **options: Any) -> None:
        """Write or check."""
        if not options["check"]:
            PLACE.parent.mkdir(parents=True, exist_ok=True)
            PLACE.write_text(page())
        elif not PLACE.exists() or PLACE.read_text() != page():
            raise CommandError("docs/architecture/states.md is not current. Run manage.py diagrams.")
