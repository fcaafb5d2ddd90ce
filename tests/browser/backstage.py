"""Behind the stage: fill the database with a small demo, run the engine, and do what the tests ask for.

`python -m tests.browser.backstage` says "ready", then reads one JSON line for each deed and answers with another.
"""

import json
import sys
import threading
import traceback
from typing import Any

import django

django.setup()

from django.core.management import call_command  # noqa: E402  # needs loaded apps
from django.db import connection  # noqa: E402  # needs loaded apps

from accounts.queries import SYSTEM  # noqa: E402  # needs loaded apps
from itsm.demo.filling import fill  # noqa: E402  # needs loaded apps
from itsm.engine import Engine  # noqa: E402  # needs loaded apps
from journal.units import door  # noqa: E402  # needs loaded apps
from tests.browser import arrange  # noqa: E402  # needs loaded apps

RECORDS = 40


def prepare() -> None:
    """Migrate where the database is not a copy of a migrated one; then the demo."""
    if "accounts_user" not in connection.introspection.table_names():
        call_command("migrate", verbosity=0)
    with door(SYSTEM, source="demo") as at:
        fill(at, records=RECORDS)


def answer(line: str) -> dict[str, Any]:
    """Do one deed; a fault is told as text."""
    asked = json.loads(line)
    try:
        return {"done": getattr(arrange, asked["deed"])(**asked["facts"])}
    except Exception:  # noqa: BLE001  # the test that asked shows it
        return {"fault": traceback.format_exc()}


def main() -> None:
    """Until standard input ends."""
    out, sys.stdout = sys.stdout, sys.stderr
    prepare()
    engine = Engine(tick=0.5)
    threading.Thread(target=engine.run, daemon=True).start()
    out.write("ready\n")
    out.flush()
    for line in sys.stdin:
        out.write(json.dumps(answer(line)) + "\n")
        out.flush()
    engine.ask_to_stop()


if __name__ == "__main__":
    main()
