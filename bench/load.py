"""Fill the database of one size, once: records, tokens for many clients, statement counting."""

import json
import os
import sys
import time
from pathlib import Path
from typing import Any

import django

TOKENS = 8
ENOUGH = 60
"""What is handed back is not given to the same person again for a day, so a picker needs so much to choose from."""
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


def could_take(person: Any) -> int:
    """How much in the queue fits the person now."""
    from django.db import transaction  # noqa: PLC0415  # once Django is set up

    from accounts.queries import actor_for  # noqa: PLC0415  # once Django is set up
    from coordination.queries.fit import candidates  # noqa: PLC0415  # once Django is set up
    from coordination.queries.limits import seeker  # noqa: PLC0415  # once Django is set up
    from journal.units import database_now  # noqa: PLC0415  # once Django is set up

    actor, at = actor_for(person), database_now()
    with transaction.atomic():
        return int(candidates(actor, seeker(actor.id, actor.teams, at), at).count())


def tokens() -> dict[str, list[str]]:
    """One token a client: callers are throttled by token."""
    from accounts.commands.tokens import make_token  # noqa: PLC0415  # once Django is set up
    from accounts.models import Grant, User  # noqa: PLC0415  # once Django is set up
    from accounts.queries import SYSTEM  # noqa: PLC0415  # once Django is set up
    from journal.units import door  # noqa: PLC0415  # once Django is set up

    agents = User.objects.filter(pk__in=Grant.objects.filter(role="agent").values("user"))
    technicians = User.objects.filter(pk__in=Grant.objects.filter(role="technician").values("user"))
    able = [person for person in technicians.order_by("pk") if could_take(person) >= ENOUGH]
    machine = User.objects.get(kind="integration")
    wanted = {
        "agents": (list(agents.order_by("pk")[:TOKENS]), AGENT),
        "pickers": (able[:TOKENS], AGENT),
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
