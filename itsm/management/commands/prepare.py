"""`manage.py prepare`: what has to be true before the first page is served. Quick when it already is."""

from typing import Any

from django.contrib.auth import get_user_model
from django.core.management import call_command, get_commands
from django.core.management.base import BaseCommand
from django.db import connection
from django.db.migrations.executor import MigrationExecutor

from accounts.queries import SYSTEM
from itsm import environment, translations
from journal.units import door
from notifications import commands as notifications
from sla import commands as promises


class Command(BaseCommand):
    """Prints what the person who starts Spindel needs to know; progress goes to standard error."""

    help = (
        "Compile translations, apply migrations, set first promises and rules, fill an empty database with demo data."
    )

    requires_system_checks: list[str] = []  # the programs that follow check for themselves

    def handle(self, *args: Any, **options: Any) -> None:
        translations.compile_changed()
        executor = MigrationExecutor(connection)
        if executor.migration_plan(executor.loader.graph.leaf_nodes()):
            call_command("migrate", verbosity=1, interactive=False, stdout=self.stderr)
        with door(SYSTEM, source="manage") as at:
            promises.apply_defaults(actor=SYSTEM, at=at)
            notifications.apply_defaults(actor=SYSTEM, at=at)
        if "demo" not in get_commands() or not environment.demo():
            return
        if not get_user_model().objects.exclude(kind="system").exists():
            call_command("demo", stdout=self.stderr)
        call_command("demo", logins=True, stdout=self.stdout)
