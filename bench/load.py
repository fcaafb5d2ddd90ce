"""Fill the database of one size, once: records, tokens for many clients, statement counting."""

import json
import os
import sys
import time
from pathlib import Path

import django

TOKENS = 8
AGENT = ["records:read", "records:write", "work:write"]


def main(records: int, place: Path) -> None:
    """Prepare, load, make tokens, seal, and note what was made in `loaded.json`."""
    os.environ.setdefault("DJANGO_SETTINGS_MODULE", "itsm.settings")
    django.setup()
    from django.core.management import call_command  # noqa: PLC0415  # once Django is set up
    from django.db import connection  # noqa: PLC0415  # once Django is set up

    call_command("prepare")
    begin = time.monotonic()
    call_command("demo", scale=records)
    seconds = time.monotonic() - begin
    made = {"records": records, "load_seconds": round(seconds, 1), **tokens()}
    with connection.cursor() as cursor:
        cursor.execute("SET statement_timeout = 0")
        cursor.execute("ALTER SYSTEM SET shared_preload_libraries = 'pg_stat_statements'")
        cursor.execute("CREATE EXTENSION IF NOT EXISTS pg_stat_statements")
        cursor.execute("VACUUM ANALYZE")
    call_command("seal")
    (place / "loaded.json").write_text(json.dumps(made, indent=1))


def tokens() -> dict[str, list[str]]:
    """One token a client: callers are throttled by token."""
    from accounts.commands.tokens import make_token  # noqa: PLC0415  # once Django is set up
    from accounts.models import Grant, Membership, User  # noqa: PLC0415  # once Django is set up
    from accounts.queries import SYSTEM  # noqa: PLC0415  # once Django is set up
    from journal.units import door  # noqa: PLC0415  # once Django is set up

    agents = User.objects.filter(pk__in=Grant.objects.filter(role="agent").values("user"))
    technicians = User.objects.filter(pk__in=Grant.objects.filter(role="technician").values("user"))
    leads = technicians.filter(pk__in=Membership.objects.filter(is_lead=True).values("user"))
    known = technicians.filter(email__startswith="technician@")
    machine = User.objects.get(kind="integration")
    wanted = {
        "agents": (list(agents.order_by("pk")[:TOKENS]), AGENT),
        "pickers": ([*known, *leads.order_by("pk")][:TOKENS], AGENT),
        "machines": ([machine] * TOKENS, ["alerts:write"]),
    }
    made: dict[str, list[str]] = {}
    for kind, (people, scopes) in wanted.items():
        for person in people:
            with door(SYSTEM, source="bench") as at:
                made.setdefault(kind, []).append(
                    make_token(person, name="bench", scopes=scopes, actor=SYSTEM, at=at).text
                )
    return made


if __name__ == "__main__":
    main(int(sys.argv[1]), Path(sys.argv[2]))
