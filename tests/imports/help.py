"""Bring a file as a person does: choose it, look at its trial, take it in."""

import re
from io import BytesIO
from typing import Any

from django.test import Client

from accounts.models import Setting
from tests.factories import make_user, no_second_factor


def browser_of(*roles: str, **fields: Any) -> Client:
    """The browser of a new person with these roles."""
    if not Setting.objects.filter(key="accounts").exists():
        no_second_factor()
    browser = Client()
    browser.force_login(make_user(*roles, **fields))
    return browser


def bring(client: Client, sheet: str, content: str | bytes, name: str = "list.csv") -> Any:
    """The trial of a file, as its page."""
    file = BytesIO(content.encode() if isinstance(content, str) else content)
    file.name = name
    kept = client.post(f"/data/{sheet}/import/", {"file": file})
    assert kept.status_code == 303, kept.content.decode()
    return client.get(kept["Location"])


def counts(trial: Any) -> dict[str, int]:
    """How many rows would go which way; verdicts of which there are none are left out."""
    return {verdict: n for verdict, n in trial.context["counts"].items() if n}


def faults(trial: Any) -> list[str]:
    """Every sentence about a row or the file."""
    made = trial.context["plan"]
    return [*made.problems, *(said for row in made.rows for said in row.faults)]


def take(client: Client, trial: Any) -> Any:
    """Press "Import now" on the page of a trial."""
    seen = re.search(r'name="seen" value="([0-9a-f]+)"', trial.content.decode())
    assert seen is not None, faults(trial)
    return client.post(trial.request["PATH_INFO"], {"seen": seen[1]})


def import_all(client: Client, sheet: str, content: str | bytes) -> None:
    """Bring a file and take it in whole."""
    answer = take(client, bring(client, sheet, content))
    assert answer.status_code == 303, answer.content.decode()


def exported(client: Client, sheet: str, form: str = "csv") -> bytes:
    """The list as its export gives it."""
    answer = client.get(f"/data/{sheet}.{form}")
    assert answer.status_code == 200, answer.content.decode()
    content: bytes = answer.getvalue()
    return content
